import { z } from 'zod';
import { type JobCost, jobCostSchema, type OnProgress } from '../schemas/jobs.ts';
import { runLayout } from '../schemas/run-layout.ts';
import type { Stage } from '../schemas/stages.ts';
import type { ArtifactKey, ArtifactStore } from '../storage/artifact-store.ts';
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
        const place = runLayout(input.run).step(params.name(input));
        await store.putJson({ ...place, value: record, replace: true });
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
  const kept = await readKept(store, runLayout(input.run).step(name(input)));
  return kept?.input === sha256(JSON.stringify(input)) ? output.parse(kept.output) : undefined;
}

/** What a step of a run has left, whatever its input was; undefined before its end. */
export async function keptResult<Output>(params: {
  store: ArtifactStore;
  run: string;
  name: string;
  output: z.ZodType<Output>;
}): Promise<Output | undefined> {
  const { store, run, name } = params;
  const kept = await readKept(store, runLayout(run).step(name));
  return kept === null ? undefined : params.output.parse(kept.output);
}

/** What the job of a step took; undefined if it has none, or has not ended. */
export async function keptCost(params: {
  store: ArtifactStore;
  run: string;
  name: string;
}): Promise<JobCost | undefined> {
  return (await readKept(params.store, runLayout(params.run).step(params.name)))?.cost;
}

/** All steps of a run that have ended. */
export async function keptSteps({ store, run }: { store: ArtifactStore; run: string }): Promise<KeptStep[]> {
  const keys = await store.list(runLayout(run).steps);
  const steps = await Promise.all(keys.map((key) => readKept(store, { area: 'private', key })));
  return steps.filter((step) => step !== null);
}

/** A step of a version that kept other things counts as not done. */
function readKept(store: ArtifactStore, place: ArtifactKey): Promise<KeptStep | null> {
  return store.findKeyJson(place, keptStepSchema);
}
