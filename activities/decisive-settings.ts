import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { SamplingConfig } from '../schemas/settings/sampling.ts';
import type { TrainingConfig } from '../schemas/settings/training.ts';

/** Training without how it is cut into physical batches, which changes time and memory only. */
export function decisiveTraining(training: TrainingConfig): Partial<TrainingConfig> {
  const { microBatch: _, checkpointEvery: _c, recompute: _r, ...decisive } = training;
  return decisive;
}

/** Sampling without its physical batch: each record has randomness of its own. */
export function decisiveSampling(sampling: SamplingConfig): Partial<SamplingConfig> {
  const { batch: _, ...decisive } = sampling;
  return decisive;
}

/** What must be equal for two experiments to be the same one: all but their names and how the work is done. */
export function decisiveSettings(config: ExperimentConfig): object {
  const { name: _, cache: _c, trialOf: _t, training, sampling, ...rest } = config;
  // What may be spent over all runs changes nothing of one.
  const { ledger: _l, ...privacy } = config.privacy;
  return { ...rest, privacy, training: decisiveTraining(training), sampling: decisiveSampling(sampling) };
}
