import { z } from 'zod';
import { type JobCost, jobCostSchema, type OnProgress } from '../schemas/jobs.ts';
import type { Stage } from '../schemas/stages.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { sha256 } from '../storage/digest.ts';
import { withHeartbeats } from './heartbeats.ts';
import { toFailure } from './to-failure.ts';

/** What a step has made. `cost` is what its job took: it is kept beside the result and never in a payload. */
export type Made<Output> = { output: Output; cost?: JobCost };

/**
 * Makes an activity of one step of a run. Its result stays in `private/<run>/steps/<name>.json`, so that an attempt
 * after the one that succeeded (a worker that died before it could answer) gives the same result without the work.
 */
export function createStep<Input extends { run: string }, Output>(params: {
  store: ArtifactStore;
  input: z.ZodType<Input>;
  output: z.ZodType<Output>;
  name: (input: Input) => string;
  stage: (input: Input) => Stage;
  run: (input: Input, onProgress: OnProgress) => Promise<Made<Output>>;
  /** Runs once the result is kept, also when it was kept by an earlier attempt. */
  afterwards?: (input: Input) => Promise<void>;
}): (input: Input) => Promise<Output> {
  const { store, afterwards } = params;
  return async (given) => {
    try {
      const input = params.input.parse(given);
      const output = await withHeartbeats(async (onProgress) => {
        const kept = await keptOutput({ ...params, input });
        if (kept !== undefined) return kept;
        const startedAt = new Date().toISOString();
        const made = await params.run(input, onProgress);
        const output = params.output.parse(made.output);
        const record: KeptStep = {
          input: sha256(JSON.stringify(input)),
          stage: params.stage(input),
          startedAt,
          endedAt: new Date().toISOString(),
          cost: made.cost,
          output,
        };
        const key = stepKey({ run: input.run, name: params.name(input) });
        const body = `${JSON.stringify(record)}\n`;
        await store.put({ area: 'private', key, body, mediaType: 'application/json', replace: true });
        return output;
      });
      await afterwards?.(input);
      return output;
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** A step as the private area keeps it. */
const keptStepSchema = z.object({
  input: z.string().describe('Digest of the input'),
  stage: z.string(),
  startedAt: z.string().describe('Of the attempt that succeeded'),
  endedAt: z.string(),
  cost: jobCostSchema.optional(),
  output: z.unknown(),
});
export type KeptStep = z.infer<typeof keptStepSchema>;

/** What a step has left of this very input, or undefined. */
export async function keptOutput<Input extends { run: string }, Output>(params: {
  store: ArtifactStore;
  input: Input;
  name: (input: Input) => string;
  output: z.ZodType<Output>;
}): Promise<Output | undefined> {
  const { store, input, name, output } = params;
  const kept = await readKept(store, stepKey({ run: input.run, name: name(input) }));
  return kept?.input === sha256(JSON.stringify(input)) ? output.parse(kept.output) : undefined;
}

/** What a step of a run has left, whatever its input was; undefined before its end. */
export async function keptResult<Output>(params: {
  store: ArtifactStore;
  run: string;
  name: string;
  output: z.ZodType<Output>;
}): Promise<Output | undefined> {
  const kept = await readKept(params.store, stepKey(params));
  return kept === undefined ? undefined : params.output.parse(kept.output);
}

/** What the job of a step took; undefined if it has none, or has not ended. */
export async function keptCost(params: {
  store: ArtifactStore;
  run: string;
  name: string;
}): Promise<JobCost | undefined> {
  return (await readKept(params.store, stepKey(params)))?.cost;
}

/** All steps of a run that have ended. */
export async function keptSteps({ store, run }: { store: ArtifactStore; run: string }): Promise<KeptStep[]> {
  const keys = await store.list({ area: 'private', key: `${run}/steps` });
  const steps = await Promise.all(keys.map((key) => readKept(store, key)));
  return steps.filter((step) => step !== undefined);
}

function stepKey({ run, name }: { run: string; name: string }): string {
  return `${run}/steps/${name}.json`;
}

/** A step of a version that kept other things counts as not done. */
async function readKept(store: ArtifactStore, key: string): Promise<KeptStep | undefined> {
  const bytes = await store.readKey({ area: 'private', key });
  return bytes === null ? undefined : keptStepSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data;
}
