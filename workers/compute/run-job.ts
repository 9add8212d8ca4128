import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunJob } from '../../activities/job-runner.ts';
import type { Device } from '../../engine/tensor/device.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { JOB_QUEUE } from '../../schemas/job-queue.ts';
import { type ComputeJob, type JobResult, jobResultSchemas, type OnProgress } from '../../schemas/jobs.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { tsxArguments } from '../tsx-arguments.ts';
import { childEnvironment } from './child-environment.ts';
import { exitError } from './exit-error.ts';
import { childMessageSchema } from './messages.ts';
import { oomKills } from './oom-kills.ts';
import { createTail } from './tail.ts';
import { withoutCoreDumps } from './without-core-dumps.ts';

const LOG_BYTES = 16_384;

export type JobRunnerOptions = {
  /** Where the ends of the children's output go (`private/<run>/logs/`). */
  store: ArtifactStore;
  /** Where fine-tuning and sampling compute. @default 'cpu' */
  device?: Device;
  /** A child that says nothing for this long is killed: NoProgress. Longer than the slowest step and model load. @default 600_000 */
  stallMs?: number;
  /** From SIGTERM to SIGKILL: the time to save a checkpoint. Shorter than the worker's shutdownGraceTime. @default 20_000 */
  graceMs?: number;
  /** The module that the child runs. @default workers/compute/main.ts */
  entry?: string;
};

/** Makes the runner that gives each job a child process of its own. */
export function createJobRunner(options: JobRunnerOptions): RunJob {
  const { store, device = 'cpu', stallMs = 600_000, graceMs = 20_000 } = options;
  const entry = options.entry ?? fileURLToPath(new URL('./main.ts', import.meta.url));

  return async function runJob<J extends ComputeJob>(params: {
    job: J;
    signal: AbortSignal;
    onProgress: OnProgress;
  }) {
    const { job, signal, onProgress } = params;
    if (signal.aborted) throw interrupted(job.kind);
    const killsBefore = await oomKills();
    const child = fork(entry, {
      ...withoutCoreDumps({ execArgv: tsxArguments() }),
      env: childEnvironment({
        env: process.env,
        device: JOB_QUEUE[job.kind] === 'gpu' ? device : 'cpu',
        job,
      }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const ended = await follow({ child, job, signal, onProgress, stallMs, graceMs });

    if (ended.message?.type === 'result') {
      const { result, cost } = ended.message;
      return { result: jobResultSchemas[job.kind].parse(result) as JobResult<J['kind']>, cost };
    }
    const log = await saveTail({ store, job, pid: child.pid, tail: ended.tail });
    if (ended.message?.type === 'error') throw new DpsynthError(ended.message.error);
    if (ended.stalled) throw noProgress(job.kind, stallMs);
    if (signal.aborted) throw interrupted(job.kind);
    const kills = await oomKills();
    throw exitError({
      kind: job.kind,
      ...ended,
      log,
      killedForMemory: kills !== null && killsBefore !== null && kills > killsBefore,
    });
  };
}

/** Gives the job to the child and stays with it until it has ended: no child outlives its attempt. */
function follow(params: {
  child: ChildProcess;
  job: ComputeJob;
  signal: AbortSignal;
  onProgress: OnProgress;
  stallMs: number;
  graceMs: number;
}) {
  const { child, job, signal, onProgress, stallMs, graceMs } = params;
  const tail = createTail(LOG_BYTES);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', tail.add);

  return new Promise<Ended>((resolve, reject) => {
    let message: Ended['message'];
    let stalled = false;
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    // A stalled child would not hear a SIGTERM: its event loop stands still.
    const watchdog = setTimeout(() => {
      stalled = true;
      child.kill('SIGKILL');
    }, stallMs);
    const clear = () => {
      clearTimeout(watchdog);
      clearTimeout(killTimer);
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('message', (raw) => {
      const parsed = childMessageSchema.safeParse(raw);
      if (!parsed.success) return;
      watchdog.refresh();
      if (parsed.data.type === 'progress') onProgress(parsed.data.progress);
      else message = parsed.data;
    });
    child.once('error', (error) => {
      clear();
      reject(
        new DpsynthError({
          type: ErrorType.NativeCrash,
          message: `The process of the ${job.kind} job did not start (${(error as NodeJS.ErrnoException).code ?? error.name}).`,
          cause: error,
        }),
      );
    });
    child.once('close', (code, exitSignal) => {
      clear();
      resolve({ message, code, signal: exitSignal, stalled, tail: tail.text() });
    });
    // A child that died at once breaks the channel; its exit says more than this error.
    child.send({ job }, () => {});
    if (signal.aborted) stop();
  });
}

type Ended = {
  message: ReturnType<typeof childMessageSchema.parse> | undefined;
  code: number | null;
  signal: NodeJS.Signals | null;
  stalled: boolean;
  tail: string;
};

/** Output may quote private text: it is kept in the private area, and an error only names the file. */
async function saveTail(params: {
  store: ArtifactStore;
  job: ComputeJob;
  pid: number | undefined;
  tail: string;
}) {
  const { store, job, pid, tail } = params;
  if (tail.trim() === '') return undefined;
  const place = runLayout(job.run).log(`${job.kind}-${Date.now()}-${pid}`);
  // A full disk is then the cause of the failure already, and must not hide it.
  const saved = await store.put({ ...place, body: tail, mediaType: 'text/plain' }).catch(() => undefined);
  return saved && `${place.area}/${place.key}`;
}

function interrupted(kind: string) {
  return new DpsynthError({ type: ErrorType.Interrupted, message: `The ${kind} job was stopped.` });
}

function noProgress(kind: string, stallMs: number) {
  return new DpsynthError({
    type: ErrorType.NoProgress,
    message: `The ${kind} job made no progress for ${Math.round(stallMs / 1000)} s and was killed.`,
  });
}
