import { poolSize } from '../../engine/data/pool-size.ts';
import type { ModelConfig } from '../../engine/language-model/model-config.ts';
import { parameterCount } from '../../engine/language-model/weights.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';

export type CostEstimate = {
  /** Expected number of records that pass forwards and backwards through the language model. */
  trainingPasses: number;
  /** An upper bound, without the prefixes. */
  trainingTokens: number;
  /** An upper bound for the synthetic and the zero-shot corpus. */
  sampledTokens: number;
  /** A rough estimate for two CPU cores. */
  minutes: number;
};

/**
 * Measured on two CPU cores (AVX-512) in a run of examples/topics.json with a model of 135 M parameters:
 * training with LoRA in the last 20 of 30 blocks, and sampling 50 rows at a time. In parameters times
 * tokens per second.
 */
const TRAINING_RATE = 135e6 * 350;
const SAMPLING_RATE = 135e6 * 190;
/** Texts per second that a selection embeds with the encoder of 22 M parameters, and teaches its teacher. */
const EMBEDDING_RATE = 45;
const START_SECONDS = 40;

/**
 * Estimates the work in an experiment and its time. The order of magnitude is right; the minutes
 * are not exact.
 */
export function estimateCost(params: {
  config: ExperimentConfig;
  model: ModelConfig;
  /** Number of training records. */
  records: number;
  /** An estimate for all rows of the result table. */
  classifierSeconds: number;
}): CostEstimate {
  const { config, model, records, classifierSeconds } = params;
  const { training, sampling, selection } = config;
  const trainingPasses = training.expectedBatchSize * training.steps;
  const trainingTokens = trainingPasses * training.maxTokens;
  const pool = poolSize(config);
  const sampledTokens = (pool + sampling.records) * sampling.maxTokens;
  const parameters = parameterCount(model);
  const seconds =
    START_SECONDS +
    (parameters * (trainingTokens + trainingPasses * PREFIX_TOKENS)) / TRAINING_RATE +
    (parameters * sampledTokens) / SAMPLING_RATE +
    (selection === undefined ? 0 : (records + pool) / EMBEDDING_RATE) +
    classifierSeconds;
  return { trainingPasses, trainingTokens, sampledTokens, minutes: seconds / 60 };
}

/** The length of a prefix with a description of about one line. */
const PREFIX_TOKENS = 25;
