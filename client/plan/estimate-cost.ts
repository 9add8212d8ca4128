import type { ModelConfig } from '../../engine/language-model/model-config.ts';
import { parameterCount } from '../../engine/language-model/weights.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';

export type CostEstimate = {
  /** Records that go through the language model forwards and backwards, on average over the draws. */
  trainingPasses: number;
  /** At most, without the prefixes. */
  trainingTokens: number;
  /** At most: synthetic and zero-shot corpora. */
  sampledTokens: number;
  /** Rough: on two CPU cores. */
  minutes: number;
};

/**
 * What two CPU cores (AVX-512) did in a run of examples/topics.json with a model of 135 M parameters: training with LoRA
 * in the last 20 of 30 blocks, and sampling 50 rows at a time. In parameters times tokens a second.
 */
const TRAINING_RATE = 135e6 * 350;
const SAMPLING_RATE = 135e6 * 190;
const START_SECONDS = 40;

/** The work that an experiment asks for, and a rough time for it. The order of size is right, the minutes are not exact. */
export function estimateCost(params: {
  config: ExperimentConfig;
  model: ModelConfig;
  /** Rough, of all rows of the result table. */
  classifierSeconds: number;
}): CostEstimate {
  const { config, model, classifierSeconds } = params;
  const { training, sampling } = config;
  const trainingPasses = training.expectedBatchSize * training.steps;
  const trainingTokens = trainingPasses * training.maxTokens;
  const sampledTokens = 2 * sampling.records * sampling.maxTokens;
  const parameters = parameterCount(model);
  const seconds =
    START_SECONDS +
    (parameters * (trainingTokens + trainingPasses * PREFIX_TOKENS)) / TRAINING_RATE +
    (parameters * sampledTokens) / SAMPLING_RATE +
    classifierSeconds;
  return { trainingPasses, trainingTokens, sampledTokens, minutes: seconds / 60 };
}

/** A prefix with a description of a line or so. */
const PREFIX_TOKENS = 25;
