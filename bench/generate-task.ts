import { readFile } from 'node:fs/promises';
import { readWikiTopics } from '../engine/data/catalog/wiki-topics.ts';
import { labelShares } from '../engine/data/label-plan.ts';
import { encodeTemplate } from '../engine/data/record-template.ts';
import { experimentSchema } from '../schemas/experiment.ts';
import type { Precision } from '../schemas/settings/training.ts';
import { locateAsset } from '../storage/assets/locate-asset.ts';
import { EXPERIMENT } from './message-writer.ts';
import type { Bench } from './prepare.ts';

/** The catalog corpus of the texts whose likelihood is compared: longer ones than messages. */
const SCORED_CORPUS = 'wiki-topics';
const SCORED = 8;
const SCORED_CHARACTERS = 200;

/** Input of each side. */
export type GenerateTask = {
  /** Folder of the checkpoint. */
  model: string;
  /** Token ids before a text, one list per label, and how many texts of each are wanted. */
  prefixes: (readonly number[])[];
  counts: number[];
  stop: number;
  maxTokens: number;
  temperature: number;
  topP: number;
  seed: number;
  /** Texts per batch. */
  batch: number;
  /** Texts whose likelihood is compared, and their token ids. */
  texts: string[];
  textIds: number[][];
  /** Length of the greedy texts that are compared. */
  greedyTokens: number;
  /** Precision of our side. */
  precision: Precision;
};

/**
 * All of the task but the batch: short messages behind the prefixes of `examples/sms.json`, with room for the
 * few long ones, as a user would leave it who does not know their lengths.
 */
export async function generateTask(
  { source, modelFolder }: Pick<Bench, 'source' | 'modelFolder'>,
  { texts, maxTokens }: { texts: number; maxTokens: number },
): Promise<Omit<GenerateTask, 'batch' | 'precision'>> {
  const { tokenizer } = source;
  const { template, corpus, sampling } = experimentSchema.parse(
    JSON.parse(await readFile(EXPERIMENT, 'utf8')),
  );
  const { prefix, stop } = encodeTemplate({ template, tokenizer });
  const shares = labelShares({
    labels: corpus.labels,
    sampling: { ...sampling, records: texts, shards: 1 },
    shard: 0,
  });
  const { path } = await locateAsset({ asset: SCORED_CORPUS });
  const articles = readWikiTopics(await readFile(path)).slice(0, SCORED);
  const scored = articles.map(({ text }) => text.slice(0, SCORED_CHARACTERS));
  return {
    model: modelFolder,
    prefixes: shares.map(({ label }) => prefix(label)),
    counts: shares.map(({ count }) => count),
    stop,
    maxTokens,
    temperature: 1,
    topP: 0.95,
    seed: 1,
    texts: scored,
    textIds: scored.map((text) => [...tokenizer.beginning, ...tokenizer.encode(text)]),
    greedyTokens: 12,
  };
}
