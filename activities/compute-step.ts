import { Context } from '@temporalio/activity';
import type { z } from 'zod';
import { DpsynthError } from '../schemas/errors.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { ComputeJob, JobResult } from '../schemas/jobs.ts';
import type { Stage } from '../schemas/stages.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { jobKey } from './job-key.ts';
import { assertAllowed } from './policy/assert-allowed.ts';
import { createStep, keptOutput, type Made } from './step.ts';
import { findCached, throughCache } from './step-cache.ts';

type StepInput = { run: string; config: ExperimentConfig };

/** What makes a step of a compute job. */
export type ComputeStep<
  Input extends StepInput,
  Job extends ComputeJob,
  Output extends { cachedFrom?: string } = JobResult<Job['kind']>,
> = {
  deps: ActivityDeps;
  input: z.ZodType<Input>;
  output: z.ZodType<Output>;
  name: (input: Input) => string;
  stage: (input: Input) => Stage;
  job: (input: Input) => Job;
  /**
   * Runs the job by `compute` and makes the output of its result. Not called for a result that is there already.
   * @default the result as it is
   */
  make?: (input: Input, compute: () => Promise<Made<JobResult<Job['kind']>>>) => Promise<Made<Output>>;
};

/** A step that is one compute job. Its result is taken from the step cache as `cache` of the experiment says. */
export function createComputeStep<
  Input extends StepInput,
  Job extends ComputeJob,
  Output extends { cachedFrom?: string },
>(params: ComputeStep<Input, Job, Output>): (input: Input) => Promise<Output> {
  const { deps, input, output, name, stage } = params;
  const { store, runJob, jobVersion } = deps;
  return createStep({
    store,
    input,
    output,
    name,
    stage,
    run: async (given, onProgress) => {
      await assertAllowed({ store, config: given.config });
      const job = params.job(given);
      const signal = Context.current().cancellationSignal;
      const compute = async () => {
        const { result, cost } = await runJob({ job, signal, onProgress });
        return { output: result, cost };
      };
      const make = () =>
        params.make === undefined ? (compute() as Promise<Made<never>>) : params.make(given, compute);
      const { cache } = given.config;
      const key = cache === 'off' ? null : await keyOf(job, jobVersion);
      if (key === null) return make();
      return throughCache({ store, kind: job.kind, key, mode: cache, run: given.run, output, make, signal });
    },
  });
}

/** What the step would give without any work: its own result of before, or that of the step cache; else null. */
export async function findMade<
  Input extends StepInput,
  Job extends ComputeJob,
  Output extends { cachedFrom?: string },
>(params: ComputeStep<Input, Job, Output> & { given: Input }): Promise<Output | null> {
  const { deps, input, output, name, job, given } = params;
  const { store } = deps;
  const kept = await keptOutput({ store, input: input.parse(given), name, output });
  if (kept !== undefined) return kept;
  const { kind } = job(given);
  const key = given.config.cache === 'use' ? await keyOf(job(given), deps.jobVersion) : null;
  if (key === null) return null;
  return (await findCached({ store, kind, key, run: given.run, output }))?.output ?? null;
}

/** null where an asset is not here: the job is the one to say so. */
async function keyOf(job: ComputeJob, jobVersion: ActivityDeps['jobVersion']): Promise<string | null> {
  try {
    return await jobKey({ job, version: await jobVersion(job.kind) });
  } catch (error) {
    if (error instanceof DpsynthError) return null;
    throw error;
  }
}
