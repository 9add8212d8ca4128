import type { ExperimentInput } from '../../../schemas/experiment.ts';
import type { SweepInput } from '../../../schemas/sweep/sweep.ts';

export const LEDGER = 'campaign';

/** Small, and with every stage that a fault can strike: real weights, real text, real training. */
export const EXPERIMENT = {
  name: 'campaign',
  seed: 1,
  // Every run is to compute all of it itself.
  cache: 'off',
  corpus: { source: 'wiki-topics', labels: ['People', 'Mathematics'], testSetIsPublic: true },
  template: {
    form: 'chat',
    descriptions: {
      People: 'the opening sentence of an encyclopedia article about a person',
      Mathematics: 'the opening sentence of an encyclopedia article about mathematics',
    },
  },
  training: {
    adapter: { method: 'lora', rank: 1, alpha: 2, lastBlocks: 2 },
    ...{ expectedBatchSize: 16, steps: 8, maxTokens: 24, microBatch: 8, checkpointEvery: 2 },
  },
  privacy: { epsilon: 8, ledger: { id: LEDGER, epsilon: 500, delta: 1e-6 } },
  sampling: { records: 16, shards: 1, maxTokens: 12, batch: 8 },
  classifier: { widths: [2, 3], filters: 16, updates: 8, maxTokens: 16, seeds: 1 },
  evaluation: { bootstrap: 100, baselines: ['majority'] },
} satisfies ExperimentInput;

export const SWEEP = {
  name: 'campaign',
  experiment: EXPERIMENT,
  variants: [{ name: 'one' }, { name: 'two', set: { training: { adapter: { rank: 2 } } } }],
  concurrency: 2,
} satisfies SweepInput;

/** With an adapter of so many numbers that a checkpoint is uploaded in many parts. */
export const LARGE = {
  ...EXPERIMENT,
  training: {
    ...EXPERIMENT.training,
    adapter: {
      method: 'lora',
      rank: 64,
      alpha: 64,
      matrices: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'],
    },
    ...{ expectedBatchSize: 8, steps: 2, checkpointEvery: 1 },
  },
} satisfies ExperimentInput;
