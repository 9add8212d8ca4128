import { describe, expect, test } from 'vitest';
import { adapterSchema } from '../../../schemas/settings/training.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import type { CheckpointSource } from '../../language-model/checkpoint-source.ts';
import { inBfloat16 } from '../../language-model/in-bfloat16.ts';
import { loadLanguageModel } from '../../language-model/load-language-model.ts';
import { openCheckpoint } from '../../language-model/load-model.ts';
import {
  TINY_CONFIG,
  TINY_OTHER_CONFIG,
  tinyCheckpoint,
} from '../../language-model/tiny-checkpoint.fixture.ts';
import { hasFrozenMatMul } from '../../tensor/native-kernels.ts';
import { clipAndSum } from '../clipped-gradients.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { createMethod } from './create-method.ts';
import { flat, norm } from './gradient-vectors.fixture.ts';

const LOSS = { lossNormalisation: 'mean', maxTokens: 32 } as const;
const ADAPTERS = {
  lora: { method: 'lora', rank: 2, alpha: 3, matrices: ['q', 'k', 'v', 'o', 'up', 'down'] },
  prompt: { method: 'prompt', length: 3 },
} as const;

type Step = { losses: Float32Array; norms: Float32Array; sum: Float64Array };

/** Returns losses, norms and the clipped sum of the records in both precisions, from the same adapter. */
async function bothPrecisions(params: {
  source: CheckpointSource;
  adapter: keyof typeof ADAPTERS;
  records: EncodedRecord[];
  clippingNorm: number;
  recompute: boolean;
}): Promise<{ float32: Step; bfloat16: Step }> {
  const { source, records, clippingNorm, recompute } = params;
  const adapter = adapterSchema.parse(ADAPTERS[params.adapter]);
  const random = seededRandom(3);
  const step = async (packed: boolean, start?: Float32Array) => {
    const loaded = await loadLanguageModel(source);
    const model = packed ? inBfloat16(loaded, { backward: true }) : loaded;
    const method = createMethod({ model, tokenizer: source.tokenizer, adapter, loss: LOSS, seed: 2 });
    const values = start ?? method.initial().map((value) => value + 0.04 * (random() - 0.5));
    const own = method.load(values, { recompute });
    const gradients = own.gradients(records);
    const { losses } = gradients;
    const { sum, norms } = clipAndSum({ gradients, groups: method.groups, clipping: 'flat', clippingNorm });
    own.dispose();
    return { values, losses, norms, sum: flat(method, sum) };
  };
  const float32 = await step(false);
  return { float32, bfloat16: await step(true, float32.values) };
}

function largestChange(of: Float32Array, from: Float32Array): number {
  return Math.max(...from.map((value, i) => Math.abs(of[i]! / value - 1)));
}

function cosine(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0) / (norm(a) * norm(b));
}

const sources = {
  llama: async () => tinyCheckpoint(3, TINY_CONFIG),
  'every other feature': async () => tinyCheckpoint(3, TINY_OTHER_CONFIG),
};
const records: EncodedRecord[] = [
  { ids: [1, 2, 3, 2, 5, 6], prefixLength: 2 },
  { ids: [4, 4, 8, 0, 7, 1, 2, 4, 4], prefixLength: 3 },
  { ids: [3, 5, 5], prefixLength: 1 },
];

describe.runIf(hasFrozenMatMul())('training in bfloat16', () => {
  const cases = Object.keys(sources).flatMap((model) =>
    Object.keys(ADAPTERS).flatMap((adapter) =>
      [false, true].map((recompute) => [model, adapter, recompute] as const),
    ),
  );
  test.each(cases)('%s, %s, recompute %s: close to float32', async (model, adapter, recompute) => {
    const { float32, bfloat16 } = await bothPrecisions({
      source: await sources[model as keyof typeof sources](),
      adapter: adapter as keyof typeof ADAPTERS,
      records,
      clippingNorm: 0.1,
      recompute,
    });
    expect(cosine(bfloat16.sum, float32.sum)).toBeGreaterThan(0.999);
    expect(largestChange(bfloat16.losses, float32.losses)).toBeLessThan(0.01);
    expect(largestChange(bfloat16.norms, float32.norms)).toBeLessThan(0.05);
    expect(bfloat16.losses).not.toEqual(float32.losses);
  });

  test('SmolLM2-135M, lora: close to float32, each record clipped to the same norm', async () => {
    const source = await openCheckpoint((await locateAsset({ asset: 'smollm2-135m' })).path);
    const prefix = source.tokenizer.encode('[sms][ham]: ');
    const texts = ['The cat sat on the mat and looked at me.', 'Call me back when you are home, will you?'];
    const clippingNorm = 0.01;
    const { float32, bfloat16 } = await bothPrecisions({
      source,
      adapter: 'lora',
      records: texts.map((text) => ({
        ids: [...prefix, ...source.tokenizer.encode(text)],
        prefixLength: prefix.length,
      })),
      clippingNorm,
      recompute: false,
    });
    expect(cosine(bfloat16.sum, float32.sum)).toBeGreaterThan(0.999);
    expect(largestChange(bfloat16.losses, float32.losses)).toBeLessThan(0.005);
    expect(largestChange(bfloat16.norms, float32.norms)).toBeLessThan(0.05);
    expect(Math.min(...bfloat16.norms)).toBeGreaterThan(clippingNorm);
    expect(norm(bfloat16.sum)).toBeLessThanOrEqual(clippingNorm * texts.length * (1 + 1e-5));
  });
});
