import type { ExperimentConfig } from '../experiment.ts';
import type { JobOf } from '../jobs.ts';
import type { PrivacyConfig } from './privacy.ts';
import type { SamplingConfig } from './sampling.ts';
import type { TrainingConfig } from './training.ts';

/**
 * What a setting has to do with a result. `decisive`: another value can give another result. `physical`: it
 * changes time and memory only. `bookkeeping`: it says where the work is kept and what may be spent, not
 * what is computed.
 */
export type Role = 'decisive' | 'physical' | 'bookkeeping';

// The step cache, the names of releases on ledgers, the key that draws and noises, and the search for a run
// that has ended all follow these tables. A field that is wrongly physical makes two trainings share noise,
// which shows the records; so every field must be named.

export const TRAINING = {
  adapter: 'decisive',
  expectedBatchSize: 'decisive',
  steps: 'decisive',
  optimizer: 'decisive',
  learningRate: 'decisive',
  objective: 'decisive',
  maxTokens: 'decisive',
  lossNormalisation: 'decisive',
  averaging: 'decisive',
  microBatch: 'physical',
  recompute: 'physical',
  precision: 'decisive',
  checkpointEvery: 'physical',
} as const satisfies Roles<TrainingConfig>;

/** Each record has randomness of its own, whatever batch it is sampled in. */
export const SAMPLING = {
  records: 'decisive',
  shards: 'decisive',
  maxTokens: 'decisive',
  minTokens: 'decisive',
  temperature: 'decisive',
  repetitionPenalty: 'decisive',
  topK: 'decisive',
  topP: 'decisive',
  labels: 'decisive',
  batch: 'physical',
  endAtSentence: 'decisive',
  filter: 'decisive',
} as const satisfies Roles<SamplingConfig>;

export const PRIVACY = {
  epsilon: 'decisive',
  delta: 'decisive',
  clippingNorm: 'decisive',
  clipping: 'decisive',
  accountant: 'decisive',
  ledger: 'bookkeeping',
} as const satisfies Roles<PrivacyConfig>;

export const EXPERIMENT = {
  name: 'bookkeeping',
  seed: 'decisive',
  corpus: 'decisive',
  template: 'decisive',
  model: 'decisive',
  training: 'decisive',
  privacy: 'decisive',
  sampling: 'decisive',
  selection: 'decisive',
  classifier: 'decisive',
  evaluation: 'decisive',
  trialOf: 'bookkeeping',
  cache: 'bookkeeping',
} as const satisfies Roles<ExperimentConfig>;

export const FINETUNE_JOB = {
  kind: 'decisive',
  store: 'bookkeeping',
  run: 'bookkeeping',
  model: 'decisive',
  template: 'decisive',
  train: 'decisive',
  training: 'decisive',
  plan: 'decisive',
  seed: 'decisive',
  microBatch: 'physical',
} as const satisfies Roles<JobOf<'finetune'>>;

type Roles<Settings> = { [Field in keyof Required<Settings>]: Role };
type Fields<Table> = { [Field in keyof Table]: Table[Field] extends 'decisive' ? Field : never }[keyof Table];
/** The settings that decide, in the order in which they were given: digests depend on it. */
export type Decisive<Settings, Table> = Pick<Settings, Fields<Table> & keyof Settings>;

export function decisiveTraining(training: TrainingConfig): Decisive<TrainingConfig, typeof TRAINING> {
  return decisive(training, TRAINING);
}

export function decisiveSampling(sampling: SamplingConfig): Decisive<SamplingConfig, typeof SAMPLING> {
  return decisive(sampling, SAMPLING);
}

/** What must be equal for two experiments to be the same one. */
export function decisiveExperiment(config: ExperimentConfig): object {
  return {
    ...decisive(config, EXPERIMENT),
    privacy: decisive(config.privacy, PRIVACY),
    training: decisiveTraining(config.training),
    sampling: decisiveSampling(config.sampling),
  };
}

/** What decides a training. `training` still has its physical settings. */
export function decisiveFinetune(job: JobOf<'finetune'>): Decisive<JobOf<'finetune'>, typeof FINETUNE_JOB> {
  return decisive(job, FINETUNE_JOB);
}

/** A field that the table does not name, which no parsed settings have, counts as decisive. */
function decisive<Settings extends object, Table extends { [field: string]: Role }>(
  settings: Settings,
  table: Table,
): Decisive<Settings, Table> {
  const kept = Object.entries(settings).filter(([field]) => (table[field] ?? 'decisive') === 'decisive');
  return Object.fromEntries(kept) as Decisive<Settings, Table>;
}
