import { readFileSync } from 'node:fs';
import type { CheckpointSource, StoredTensor } from '../checkpoint-source.ts';
import type { FamilyName, ModelConfig } from '../model-config.ts';
import type { TextTokenizer } from '../tokenizer.ts';
import type { Family } from './family.ts';
import { FAMILIES_BY_MODEL_TYPE } from './index.ts';

/**
 * The output of test/reference/families/make.py for a tiny model of each family. That file describes each
 * field.
 */
export type FamilyFixture = {
  config: { model_type: string } & Record<string, unknown>;
  spread: number;
  tensors: Record<string, { shape: number[]; mean: number; gguf: string }>;
  records: { ids: number[]; prefixLength: number }[];
  logits: Record<string, number[]>[];
  rank: number;
  scale: number;
  losses: number[];
  lora: Record<string, { dA: number[]; dB: number[] }>[];
  promptLength: number;
  prompt: number[][][];
  parameters: Record<string, [squaredNorm: number, probe: number]>[];
};

export function familyFixture(name: FamilyName): FamilyFixture {
  return JSON.parse(readFileSync(`test/reference/families/${name}.json`, 'utf8')) as FamilyFixture;
}

/**
 * Returns `count` numbers in [-0.5, 0.5): FNV-1a of the name as seed, then a 32-bit mixer of seed and index.
 */
export function formulaNumbers(name: string, count: number): Float64Array {
  let seed = 0x811c9dc5;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return Float64Array.from({ length: count }, (_, index) => {
    let x = seed + Math.imul(index, 0x9e3779b9);
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 8) / 2 ** 24 - 0.5;
  });
}

/** Returns the values of a tensor of the fixture, or of an adapter or prompt, which have no mean. */
export function formulaTensor(fixture: FamilyFixture, name: string, shape: number[]): StoredTensor {
  const mean = fixture.tensors[name]?.mean ?? 0;
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from(formulaNumbers(name, count), (u) => mean + fixture.spread * u);
  return { shape, values };
}

const noTokenizer = new Proxy({} as TextTokenizer, {
  get() {
    throw new Error('A fixture has token ids but no tokenizer.');
  },
});

/** Returns the tiny checkpoint of the fixture as if it were in a Hugging Face folder. */
export function fixtureSource(fixture: FamilyFixture): CheckpointSource {
  const family: Family = FAMILIES_BY_MODEL_TYPE.get(fixture.config.model_type)!;
  const config: ModelConfig = family.readConfig(fixture.config);
  return {
    config,
    tokenizer: noTokenizer,
    locate: (weight) => family.locate(weight, config),
    read: async (name) => formulaTensor(fixture, name, fixture.tensors[name].shape),
    hubFiles: async () => ({ 'config.json': JSON.stringify(fixture.config) }),
  };
}
