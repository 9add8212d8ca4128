import { once } from 'node:events';
import { describeUnexpected } from '../../activities/describe-unexpected.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import {
  type ComputeJob,
  type ComputeJobKind,
  computeJobSchema,
  type JobOf,
  type JobResult,
  jobResultSchemas,
} from '../../schemas/jobs.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { openStore } from '../../storage/open-store.ts';
import type { JobContext } from './job-context.ts';
import { startJobCost } from './job-cost.ts';
import type { ChildMessage } from './messages.ts';

export type Job<K extends ComputeJobKind> = (job: JobOf<K>, context: JobContext) => Promise<JobResult<K>>;
/** Each loads its job only when asked: a child that prepares a corpus need not load TensorFlow. */
export type JobLoaders = { [K in ComputeJobKind]: () => Promise<Job<K>> };

/**
 * The whole life of a compute child: takes one job from its parent, runs it, answers, exits.
 * SIGTERM aborts the job's signal, so that it saves a checkpoint; the end of the parent ends the child at once,
 * because another worker may already be running the next attempt.
 */
export async function serveJob(loaders: JobLoaders): Promise<void> {
  const abort = new AbortController();
  process.once('SIGTERM', () => abort.abort());
  // Ctrl-C in a terminal reaches the whole process group, but only the parent decides when the job ends.
  process.on('SIGINT', () => {});
  process.once('disconnect', () => process.exit(1));

  const [message] = await once(process, 'message');
  await send(await answer({ loaders, message, signal: abort.signal }));
  process.exit(0);
}

async function answer(params: {
  loaders: JobLoaders;
  message: unknown;
  signal: AbortSignal;
}): Promise<ChildMessage> {
  let store: ArtifactStore | undefined;
  let job: ComputeJob | undefined;
  const cost = startJobCost();
  try {
    job = computeJobSchema.parse((params.message as { job?: unknown }).job);
    store = await openStore(job.store);
    const run = (await params.loaders[job.kind]()) as Job<ComputeJobKind>;
    const result = await run(job, {
      store,
      signal: params.signal,
      onProgress: (progress) => process.send?.({ type: 'progress', progress } satisfies ChildMessage),
    });
    return { type: 'result', result: jobResultSchemas[job.kind].parse(result), cost: cost() };
  } catch (error) {
    return {
      type: 'error',
      error: await tellable({ error, store, job, interrupted: params.signal.aborted }),
    };
  }
}

/** The error as its parent may know it. The whole of an unexpected one stays in the private area. */
async function tellable(params: {
  error: unknown;
  store: ArtifactStore | undefined;
  job: ComputeJob | undefined;
  interrupted: boolean;
}): Promise<{ type: ErrorType; message: string }> {
  const { error, store, job, interrupted } = params;
  if (error instanceof DpsynthError) return { type: error.type, message: error.message };
  const what = `the ${job?.kind ?? 'unknown'} job`;
  if (interrupted) return { type: ErrorType.Interrupted, message: `Stopped ${what}.` };
  if (ranOutOfMemory(error))
    return {
      type: ErrorType.OutOfMemory,
      message: `No memory left for ${what}. Give it a smaller batch, or a machine with more memory.`,
    };
  let where = '';
  if (store !== undefined && job !== undefined) {
    const place = runLayout(job.run).error(`${job.kind}-${Date.now()}-${process.pid}`);
    const body = error instanceof Error ? `${error.stack}\n` : `${String(error)}\n`;
    const saved = await store.put({ ...place, body, mediaType: 'text/plain' }).catch(() => undefined);
    if (saved !== undefined) where = ` The whole error is in ${place.area}/${place.key}.`;
  }
  return { type: ErrorType.Unexpected, message: `${describeUnexpected(error)}, in ${what}.${where}` };
}

function ranOutOfMemory(error: unknown): boolean {
  return (
    error instanceof Error &&
    /array buffer allocation failed|invalid array (buffer )?length|OOM when allocating|resource exhausted|bad_alloc/i.test(
      error.message,
    )
  );
}

function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
