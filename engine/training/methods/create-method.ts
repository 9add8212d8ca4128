import type { AdapterConfig } from '../../../schemas/settings/training.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import type { TextTokenizer } from '../../language-model/tokenizer.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { fullMethod } from './full.ts';
import { loraMethod } from './lora.ts';
import type { LossConfig, TrainingMethod } from './method.ts';
import { promptMethod } from './prompt.ts';

/**
 * Returns the fine-tuning method that an experiment names. The public `seed` determines the starting point of
 * training.
 */
export function createMethod(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  adapter: AdapterConfig;
  loss: LossConfig;
  seed: number;
}): TrainingMethod<EncodedRecord> {
  const { model, tokenizer, adapter, loss, seed } = params;
  switch (adapter.method) {
    case 'lora':
      return loraMethod({ model, adapter, loss, seed });
    case 'prompt':
      return promptMethod({ model, tokenizer, adapter, loss, seed });
    case 'full':
      return fullMethod({ model, loss });
  }
}
