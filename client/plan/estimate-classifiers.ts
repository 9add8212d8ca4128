import { frozenBlocks } from '../../engine/classifier/encoder-layout.ts';
import type { EncoderConfig } from '../../engine/encoder/encoder-config.ts';
import { encoderSpecs } from '../../engine/encoder/weights.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { TrainedWeights } from '../../schemas/settings/classifiers/encoder.ts';

/** Training records per second of the WordCNN on two CPU cores. */
const RECORDS_PER_SECOND = 1300;

/**
 * Parameters of an encoder's blocks times tokens of a forward pass, per second on two CPU cores (AVX-512).
 */
const ENCODER_RATE = 55e9;

/**
 * Estimates the seconds to train and score the classifiers of all rows on two CPU cores. `encoder` is the
 * shape of the encoder to fine-tune, null for other kinds. Throws InvalidConfig if more blocks are to be
 * trained than it has.
 */
export function classifierSeconds(params: {
  config: ExperimentConfig;
  encoder: EncoderConfig | null;
  records: number;
  testRecords: number;
}): number {
  const { config, encoder, records, testRecords } = params;
  const { classifier, evaluation, privacy } = config;
  const { seeds } = classifier;
  const plain = 1 + evaluation.baselines.filter((row) => row === 'zero-shot' || row === 'real').length;
  const withDp = evaluation.baselines.includes('real-dp') && privacy.epsilon !== 'none' ? 1 : 0;
  const drawn = classifier.updates * classifier.batch;
  const drawnWithDp = classifier.dp.updates * Math.min(classifier.dp.expectedBatchSize, records);
  if (encoder === null || classifier.kind !== 'encoder')
    return (seeds * (plain * drawn + withDp * drawnWithDp)) / RECORDS_PER_SECOND;

  const passes = (trained: TrainedWeights, draws: number) => {
    const share = 1 - frozenBlocks(encoder, trained) / encoder.blocks;
    // An encoder that is frozen as a whole runs once over each record, for all seeds.
    return share === 0
      ? Math.min(seeds * draws, records) + testRecords
      : seeds * (draws * (1 + 2 * share) + testRecords);
  };
  const all = plain * passes(classifier.trained, drawn) + withDp * passes(classifier.dp.trained, drawnWithDp);
  return (all * blockParameters(encoder) * classifier.maxTokens) / ENCODER_RATE;
}

function blockParameters(encoder: EncoderConfig): number {
  return encoderSpecs(encoder)
    .filter(({ block }) => block !== null)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
