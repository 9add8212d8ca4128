import type { ComputeJob, JobCost, JobResult, OnProgress } from '../schemas/jobs.ts';

/**
 * Runs one compute job where a crash of native code cannot affect this process. Rejects with a DpsynthError:
 * the job's own, or Interrupted, NoProgress, OutOfMemory, NativeCrash.
 */
export type RunJob = <J extends ComputeJob>(params: {
  job: J;
  /** Aborting asks the job to save a checkpoint and stop. A job that does not stop is killed. */
  signal: AbortSignal;
  onProgress: OnProgress;
}) => Promise<{ result: JobResult<J['kind']>; cost: JobCost }>;
