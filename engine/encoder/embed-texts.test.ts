import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { tf } from '../tensor/tensorflow.ts';
import { embedTexts } from './embed-texts.ts';
import { loadEncoder } from './encoder.ts';
import { openEncoder } from './open-encoder.ts';

const { tokenizer, ...source } = await openEncoder((await locateAsset({ asset: 'minilm-l6-v2' })).folder);
const encoder = await loadEncoder(source);

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('MiniLM gives the token ids and the embeddings of sentence-transformers', async () => {
  type Reference = { text: string; ids: number[]; embedding: number[] };
  const reference: Reference[] = JSON.parse(readFileSync('test/reference/minilm-embedding.json', 'utf8'));
  const texts = reference.map(({ text }) => text);
  const { embeddings, width, ids } = await embedTexts({ encoder, tokenizer, texts });
  expect(ids).toEqual(reference.map((one) => one.ids));
  reference.forEach(({ embedding }, row) => {
    const own = embeddings.subarray(row * width, (row + 1) * width);
    expect(cosine(own, embedding)).toBeGreaterThan(0.999999);
    expect(Math.hypot(...own)).toBeCloseTo(1, 5);
  });
});

test('an embedding does not depend on the other texts or their padding, and rows keep their order', async () => {
  const texts = [
    'ok',
    'a text that is longer than the other ones by some words',
    '',
    'emoji 🙂 and عربي',
    'ok',
  ];
  const before = tf.memory().numTensors;
  const { embeddings, width } = await embedTexts({ encoder, tokenizer, texts });
  for (const [row, text] of texts.entries()) {
    const alone = await embedTexts({ encoder, tokenizer, texts: [text] });
    const own = embeddings.subarray(row * width, (row + 1) * width);
    expect(Math.max(...alone.embeddings.map((value, i) => Math.abs(value - own[i])))).toBeLessThan(1e-6);
  }
  expect(embeddings.every(Number.isFinite)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

test('a long text is cut at its end and keeps its end token', () => {
  const long = 'word '.repeat(1000);
  expect(tokenizer.maxTokens).toBe(128);
  expect(tokenizer.encode(long, 128)).toHaveLength(128);
  expect(tokenizer.encode(long, 10_000)).toHaveLength(512);
  expect(tokenizer.encode(long, 5)).toEqual([101, 2773, 2773, 2773, 102]);
});
