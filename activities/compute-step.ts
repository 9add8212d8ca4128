import { Context } from '@temporalio/activity';
import type { z } from 'zod';
import { DpsynthError } from '../schemas/errors.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { ComputeJob, JobResult } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { jobKey } from './job-key.ts';
import { createStep } from './step.ts';
import { throughCache } from './step-cache.ts';

/** A step that is one compute job. Its result is taken from the step cache as `cache` of the experiment says. */
export function createComputeStep<
  Input extends { run: string; config: ExperimentConfig },
  Job extends ComputeJob,
>(params: {
  deps: ActivityDeps;
  input: z.ZodType<Input>;
  output: z.ZodType<JobResult<Job['kind']>>;
  name: (input: Input) => string;
  job: (input: Input) => Job;
}): (input: Input) => Promise<JobResult<Job['kind']>> {
  const { deps, input, output, name } = params;
  const { store, runJob, jobVersion } = deps;
  return createStep({
    store,
    input,
    output,
    name,
    run: async (given, onProgress) => {
      const job = params.job(given);
      const signal = Context.current().cancellationSignal;
      const make = () => runJob({ job, signal, onProgress });
      const { cache } = given.config;
      const key = cache === 'off' ? null : await keyOf(job, jobVersion);
      if (key === null) return make();
      return throughCache({ store, kind: job.kind, key, mode: cache, run: given.run, output, make, signal });
    },
  });
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
