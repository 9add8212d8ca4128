import type { EncoderConfig as EncoderSettings } from '../../schemas/settings/classifiers/encoder.ts';
import { normaliseText } from '../data/normalise-text.ts';
import { disposeEncoder, type Encoder, withWeights } from '../encoder/encoder.ts';
import type { EncoderTokenizer } from '../encoder/encoder-tokenizer.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Architecture, Evaluated } from './architecture.ts';
import { evaluateInBatches } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { encoderGradients } from './encoder-gradients.ts';
import { type Head, headGradients, headLogits } from './encoder-head.ts';
import {
  classifierTensors,
  encoderClassifierLayout,
  frozenBlocks,
  initialEncoderClassifier,
} from './encoder-layout.ts';
import { frozenVectors, pooledVectors } from './frozen-vectors.ts';

export type EncoderClassifierConfig = Pick<EncoderSettings, 'pooling' | 'maxTokens' | 'trained'>;

/** Training micro-batch, small enough for its activations to stay in the processor's cache. */
const MICRO_BATCH = 16;

/**
 * Returns a classifier that trains a public BERT-style encoder together with a linear head on its pooled
 * vector, without dropout. It owns and frees the encoder.
 */
export function encoderClassifier(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  config: EncoderClassifierConfig;
  classes: number;
}): Architecture {
  const { encoder, tokenizer, config, classes } = params;
  const { pooling, maxTokens, trained } = config;
  const frozen = frozenBlocks(encoder.config, trained);
  const layout = encoderClassifierLayout({ config: encoder.config, trained, classes });
  const vectors = frozen === encoder.config.blocks ? frozenVectors({ encoder, pooling }) : null;
  const open = (values: Float32Array) => {
    const own = classifierTensors(layout, values);
    const head: Head = { weight: own.get('head.weight')!, bias: own.get('head.bias')! };
    return {
      model: { encoder: withWeights(encoder, own), head, pooling },
      dispose: () => tf.dispose([...own.values()]),
    };
  };
  return {
    encode: (text) => tokenizer.encode(normaliseText(text), maxTokens),
    microBatch: MICRO_BATCH,
    method: ({ seed }) => ({
      ...layout,
      initial: () => initialEncoderClassifier({ encoder, layout, seed }),
      load(values, { recompute }) {
        const { model, dispose } = open(values);
        return {
          gradients: (records) =>
            vectors === null
              ? encoderGradients({ ...model, frozen, layout, records, recompute })
              : headGradients({ ...model, pooled: vectors(records), layout, records }),
          dispose,
        };
      },
      whole: (trained) => trained,
    }),
    evaluate(values, records) {
      const { model, dispose } = open(values);
      try {
        return evaluateByLength(records, (batch) =>
          headLogits(vectors?.(batch) ?? pooledVectors({ ...model, records: batch }), model.head),
        );
      } finally {
        dispose();
      }
    },
    dispose: () => disposeEncoder(encoder),
  };
}

/** Evaluates records of similar length in one batch, to compute little padding. */
function evaluateByLength(
  records: readonly ClassifierRecord[],
  logits: (batch: readonly ClassifierRecord[]) => Tensor,
): Evaluated {
  const order = [...records.keys()].sort((a, b) => records[b].ids.length - records[a].ids.length);
  const sorted = evaluateInBatches(
    order.map((index) => records[index]),
    logits,
  );
  const losses = new Float32Array(records.length);
  const predicted = new Int32Array(records.length);
  order.forEach((index, place) => {
    losses[index] = sorted.losses[place];
    predicted[index] = sorted.predicted[place];
  });
  return { losses, predicted };
}
