import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { experimentSchema } from '../experiment.ts';
import { finetuneJobSchema } from '../jobs.ts';
import { parseExperiment } from '../parse-experiment.ts';
import {
  decisiveExperiment,
  decisiveSampling,
  decisiveTraining,
  EXPERIMENT,
  FINETUNE_JOB,
  PRIVACY,
  SAMPLING,
  TRAINING,
} from './decisive.ts';
import { privacySchema } from './privacy.ts';
import { samplingSchema } from './sampling.ts';
import { trainingSchema } from './training.ts';

const TABLES: Record<string, [z.ZodObject, object]> = {
  training: [trainingSchema, TRAINING],
  sampling: [samplingSchema, SAMPLING],
  privacy: [privacySchema, PRIVACY],
  experiment: [experimentSchema, EXPERIMENT],
  'the fine-tuning job': [finetuneJobSchema, FINETUNE_JOB],
};

const config = parseExperiment({
  corpus: { source: 'x.csv', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 't' },
});

describe('what decides a result', () => {
  it.each(Object.keys(TABLES))('is said of every field of %s, and of no other', (name) => {
    const [schema, table] = TABLES[name];
    expect(Object.keys(table).sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it('leaves the physical settings out and keeps the others as they are, in their order', () => {
    const { microBatch: _, recompute: _r, checkpointEvery: _c, ...training } = config.training;
    expect(JSON.stringify(decisiveTraining(config.training))).toBe(JSON.stringify(training));
    const { batch: _b, ...sampling } = config.sampling;
    expect(JSON.stringify(decisiveSampling(config.sampling))).toBe(JSON.stringify(sampling));
  });

  it('is the same for two experiments that differ in names, limits, cache and physical settings alone', () => {
    const ledger = { epsilon: 20, delta: 1e-5 };
    const other = {
      ...config,
      ...{ name: 'another', cache: 'off' as const, trialOf: 'sweep' },
      privacy: { ...config.privacy, ledger },
      training: { ...config.training, microBatch: 1 },
      sampling: { ...config.sampling, batch: 1 },
    };
    expect(decisiveExperiment(other)).toEqual(decisiveExperiment(config));
    expect(decisiveExperiment({ ...other, seed: 2 })).not.toEqual(decisiveExperiment(config));
  });
});
