import { seededRandom } from '../engine/data/seeded-random.ts';
import { generate } from '../engine/language-model/generate.ts';
import { tf } from '../engine/tensor/tensorflow.ts';
import { clipAndSum } from '../engine/training/clipped-gradients.ts';
import { createMethod } from '../engine/training/methods/create-method.ts';
import { samplingSchema } from '../schemas/settings/sampling.ts';
import type { Precision } from '../schemas/settings/training.ts';
import { LORA, recordsOf } from './finetune-task.ts';
import { generateTask } from './generate-task.ts';
import { timeOps } from './op-times.ts';
import { loadOurs } from './ours/load-ours.ts';
import { MODEL } from './prepare.ts';
import type { OpTime, Profile } from './profile-text.ts';

export type ProfileOptions = { batch: number; repeats: number; precision: Precision };

/** Profiles one micro-batch of DP-LoRA, as in `finetune`: the mean of a few, after one to warm up. */
export async function profileFinetune({ batch, repeats, precision }: ProfileOptions): Promise<Profile> {
  const { model, source } = await loadOurs(MODEL, { precision, backward: true });
  const records = await recordsOf(source.tokenizer.encode, batch);
  const loss = { lossNormalisation: 'mean', maxTokens: records[0].length } as const;
  const method = createMethod({ model, tokenizer: source.tokenizer, adapter: LORA, loss, seed: 1 });
  const micro = records.map((ids) => ({ ids, prefixLength: 1 }));
  const loaded = method.load(method.initial(), { recompute: false });
  const step = () => {
    const gradients = loaded.gradients(micro);
    const { sum } = clipAndSum({ gradients, groups: method.groups, clipping: 'flat', clippingNorm: 1 });
    tf.dispose(sum);
  };
  return profile(step, repeats);
}

/** Profiles sampling, as in `generate`, for one full batch of texts. */
export async function profileGenerate({ batch, repeats, precision }: ProfileOptions): Promise<Profile> {
  const { model, source } = await loadOurs(MODEL, { precision, backward: false });
  const task = await generateTask({ source, modelFolder: '' }, { texts: batch, maxTokens: 48 });
  const { prefixes, counts, stop, maxTokens, temperature, topP } = task;
  const settings = samplingSchema.parse({ maxTokens, temperature, topP, batch });
  const rows = counts.flatMap((count, prefix) =>
    Array.from({ length: count }, (_, i) => ({ prefix, uniform: seededRandom(prefix * 1000 + i) })),
  );
  return profile(async () => {
    await generate({ model, prefixes, rows, stop, settings });
  }, repeats);
}

async function profile(step: () => Promise<void> | void, repeats: number): Promise<Profile> {
  await step();
  const started = performance.now();
  const ops = await timeOps(async () => {
    for (let i = 0; i < repeats; i++) await step();
  });
  const milliseconds = (performance.now() - started) / repeats;
  const mean = (time: OpTime) => ({
    ...time,
    calls: time.calls / repeats,
    milliseconds: time.milliseconds / repeats,
  });
  return { milliseconds, ops: ops.map(mean) };
}
