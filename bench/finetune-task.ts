import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWikiTopics } from '../engine/data/catalog/wiki-topics.ts';
import { seededRandom } from '../engine/data/seeded-random.ts';
import { encodeAdapter } from '../engine/language-model/adapter-file.ts';
import { initialLora, loraLayout } from '../engine/language-model/lora-layout.ts';
import { type LoraConfig, loraSchema, type Precision } from '../schemas/settings/training.ts';
import { locateAsset } from '../storage/assets/locate-asset.ts';
import { ADAPTED } from './flops.ts';
import type { Bench } from './prepare.ts';

/** Tokens of each record. */
export const TOKENS = 64;
const RECORDS = 2048;
export const LORA: LoraConfig = loraSchema.parse({ rank: 8, alpha: 16, matrices: [...ADAPTED] });

/** Input of each side. Sizes are numbers of records. */
export type FinetuneTask = {
  /** Folder of the checkpoint. */
  model: string;
  /** Token ids of each record, all of the same length. */
  records: number[][];
  /** Initial adapter of both sides. Neither A nor B is zero. */
  adapter: string;
  rank: number;
  alpha: number;
  matrices: readonly string[];
  expectedBatchSize: number;
  /** Physical. */
  microBatch: number;
  updates: number;
  clippingNorm: number;
  noiseMultiplier: number;
  learningRate: number;
  /** Precision of our side. */
  precision: Precision;
  /** Number of records whose losses and norms are returned. */
  checked: number;
};

/** The task without its sizes. */
export async function finetuneTask({ source, folder, modelFolder }: Bench) {
  const random = seededRandom(1);
  const values = initialLora(loraLayout(source.config, LORA), random).map((value) =>
    value === 0 ? 0.02 * (random() - 0.5) : value,
  );
  const adapter = join(folder, 'adapter.safetensors');
  await writeFile(adapter, encodeAdapter({ model: source.config, adapter: LORA, values }));
  return {
    model: modelFolder,
    records: await recordsOf(source.tokenizer.encode, RECORDS),
    adapter,
    rank: LORA.rank,
    alpha: LORA.alpha,
    matrices: LORA.matrices,
    clippingNorm: 1,
    noiseMultiplier: 1,
    learningRate: 1e-4,
    checked: 16,
  };
}

/**
 * Returns the first texts of the corpus that are long enough, cut to one length, so that no side
 * gains by padding.
 */
export async function recordsOf(encode: (text: string) => number[], count: number): Promise<number[][]> {
  const { path } = await locateAsset({ asset: 'wiki-topics' });
  const records: number[][] = [];
  for (const { text } of readWikiTopics(await readFile(path))) {
    const ids = encode(text).slice(0, TOKENS);
    if (ids.length === TOKENS) records.push(ids);
    if (records.length === count) break;
  }
  return records;
}
