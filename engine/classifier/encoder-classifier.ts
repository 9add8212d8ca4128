import { normaliseText } from '../data/normalise-text.ts';
import { encoderBatch } from '../encoder/batch.ts';
import { disposeEncoder, type Encoder, withWeights } from '../encoder/encoder.ts';
import type { EncoderTokenizer } from '../encoder/encoder-tokenizer.ts';
import { runEncoder } from '../encoder/forward.ts';
import { type Pooling, pool, poolingWeights } from '../encoder/pooling.ts';
import { tf } from '../tensor/tensorflow.ts';
import type { Architecture, Evaluated } from './architecture.ts';
import { evaluateInBatches } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { encoderGradients, type Head, headLogits } from './encoder-gradients.ts';
import {
  classifierTensors,
  encoderClassifierLayout,
  initialEncoderClassifier,
  type TrainedWeights,
} from './encoder-layout.ts';

export type EncoderClassifierConfig = { pooling: Pooling; maxTokens: number; trained: TrainedWeights };

/**
 * A public BERT-style encoder with a linear head on its pooled vector, fine-tuned together. Without dropout. The
 * encoder is the classifier's to free.
 */
export function encoderClassifier(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  config: EncoderClassifierConfig;
  classes: number;
}): Architecture {
  const { encoder, tokenizer, config, classes } = params;
  const { pooling, maxTokens, trained } = config;
  const layout = encoderClassifierLayout({ config: encoder.config, trained, classes });
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
    method: ({ seed }) => ({
      ...layout,
      initial: () => initialEncoderClassifier({ encoder, layout, seed }),
      load(values, { recompute }) {
        const { model, dispose } = open(values);
        return {
          gradients: (records) => encoderGradients({ ...model, layout, records, recompute }),
          dispose,
        };
      },
      whole: (trained) => trained,
    }),
    evaluate(values, records) {
      const { model, dispose } = open(values);
      try {
        return evaluateByLength({ ...model, records });
      } finally {
        dispose();
      }
    },
    dispose: () => disposeEncoder(encoder),
  };
}

/** Records of like length share a batch, so that little is computed for padding. */
function evaluateByLength(params: {
  encoder: Encoder;
  head: Head;
  pooling: Pooling;
  records: readonly ClassifierRecord[];
}): Evaluated {
  const { encoder, head, pooling, records } = params;
  const order = [...records.keys()].sort((a, b) => records[b].ids.length - records[a].ids.length);
  const sorted = evaluateInBatches(
    order.map((index) => records[index]),
    (ofBatch) => {
      const batch = encoderBatch(ofBatch.map(({ ids }) => ids));
      return headLogits(pool(runEncoder(encoder, batch), poolingWeights(batch, pooling)), head);
    },
  );
  const losses = new Float32Array(records.length);
  const predicted = new Int32Array(records.length);
  order.forEach((index, place) => {
    losses[index] = sorted.losses[place];
    predicted[index] = sorted.predicted[place];
  });
  return { losses, predicted };
}
