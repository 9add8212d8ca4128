import type { PromptConfig } from '../../../schemas/settings/training.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import { forTraining } from '../../language-model/for-training.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { initialPrompt, withPrompt } from '../../language-model/soft-prompt.ts';
import type { TextTokenizer } from '../../language-model/tokenizer.ts';
import { tf } from '../../tensor/tensorflow.ts';
import { backpropagate } from '../backpropagate.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { dense, zeroGradients } from './dense-gradients.ts';
import type { LossConfig, TrainingMethod } from './method.ts';

/**
 * Returns the method of prompt tuning (arXiv 2104.08691), which trains only one soft prompt in front of every
 * record.
 */
export function promptMethod(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  adapter: PromptConfig;
  loss: LossConfig;
  seed: number;
}): TrainingMethod<EncodedRecord> {
  const { tokenizer, adapter, loss, seed } = params;
  const model = forTraining(params.model);
  const shape: [number, number] = [adapter.length, model.config.width];
  const parameters = [{ name: 'prompt', shape, offset: 0, length: shape[0] * shape[1] }];
  const layout = { parameters, groupOf: [0], groups: 1 };
  return {
    ...layout,
    initial: () => initialPrompt({ model, tokenizer, adapter, uniform: seededRandom(seed) }),
    load(values, { recompute }) {
      const prompt = tf.tensor2d(values, shape);
      return {
        gradients(records) {
          const result = backpropagate({
            model: withPrompt(model, prompt),
            records,
            loss,
            adaptation: () => null,
            firstBlock: 0,
            inputGradient: true,
            recompute,
          });
          if (result === null) return zeroGradients({ records: records.length, ...layout });
          const { losses, dInput } = result;
          // The prompt is one tensor for all records, so each record's gradient is in the record's own rows.
          const gradient = tf.tidy(() =>
            tf.slice(
              tf.reshape(dInput!, [records.length, -1, shape[1]]),
              [0, 0, 0],
              [records.length, ...shape],
            ),
          );
          dInput!.dispose();
          return dense({ losses, gradients: [gradient], ...layout });
        },
        dispose: () => prompt.dispose(),
      };
    },
    whole: (trained) => trained,
  };
}
