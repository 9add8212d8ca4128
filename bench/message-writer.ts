import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { prepareCorpus } from '../engine/data/prepare-corpus.ts';
import { applyAdapter } from '../engine/language-model/apply-adapter.ts';
import type { LanguageModel } from '../engine/language-model/language-model.ts';
import type { TextTokenizer } from '../engine/language-model/tokenizer.ts';
import { openMechanism } from '../engine/privacy/mechanism.ts';
import { planWithoutPrivacy } from '../engine/privacy/mechanism-plan.ts';
import { runKeyFromBytes } from '../engine/privacy/run-key.ts';
import { encodeRecords } from '../engine/training/encode-records.ts';
import { createMethod } from '../engine/training/methods/create-method.ts';
import { train } from '../engine/training/train.ts';
import { initialTrainingState } from '../engine/training/training-state.ts';
import { experimentSchema } from '../schemas/experiment.ts';
import { locateAsset } from '../storage/assets/locate-asset.ts';

/** Settings of the fine-tuning, with enough steps for the model to end a message where people do. */
const TUNING = {
  adapter: { method: 'lora', rank: 8, alpha: 16, matrices: ['q', 'v'], lastBlocks: 15 },
  expectedBatchSize: 64,
  steps: 15,
  learningRate: { peak: 5e-3, decay: 'linear' },
} as const;

export const EXPERIMENT = new URL('../examples/sms.json', import.meta.url);

/** Names the fine-tuned model after its inputs. */
export function writerName(digest: string): string {
  const made = createHash('sha256')
    .update(JSON.stringify([digest, TUNING]))
    .digest('hex');
  return `messages-${made.slice(0, 16)}`;
}

/**
 * Fine-tunes a model on short messages, so that its texts are as short as in real use. Without privacy,
 * because the corpus is public and only the lengths matter.
 */
export async function tuneOnMessages(model: LanguageModel, tokenizer: TextTokenizer): Promise<LanguageModel> {
  const { corpus, template, seed, training } = experimentSchema.parse({
    ...JSON.parse(await readFile(EXPERIMENT, 'utf8')),
    training: TUNING,
  });
  const bytes = await readFile((await locateAsset({ asset: corpus.source })).path);
  const records = encodeRecords({
    records: prepareCorpus({ bytes, corpus, seed }).train,
    template,
    tokenizer,
    maxTokens: training.maxTokens,
    objective: 'prefix',
  });
  const { adapter, expectedBatchSize, steps } = training;
  const method = createMethod({ model, tokenizer, adapter, loss: training, seed });
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize, steps });
  const trained = await train({
    phase: 'tune',
    method,
    records,
    mechanism: openMechanism(plan, runKeyFromBytes(new Uint8Array(32))),
    training,
    microBatch: 16,
    recompute: false,
    state: initialTrainingState(method.initial(), training),
    saveCheckpoint: async () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return applyAdapter({ model, adapter, values: method.whole(trained) });
}
