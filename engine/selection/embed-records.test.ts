import { expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { disposeEncoder, loadEncoder } from '../encoder/encoder.ts';
import { openEncoder } from '../encoder/open-encoder.ts';
import { embedRecords } from './embed-records.ts';

test('texts become unit vectors, equal texts equal ones, and each looks at its own text alone', async () => {
  const { folder } = await locateAsset({ asset: 'minilm-l6-v2' });
  const { tokenizer, ...source } = await openEncoder(folder);
  const encoder = await loadEncoder(source);
  const labels = ['ham', 'spam'];
  const texts = [
    { text: 'See you at  lunch', label: 'ham' },
    { text: 'You have won a prize. Call now to claim it before midnight!', label: 'spam' },
    { text: 'See you at lunch', label: 'spam' },
    { text: '', label: 'ham' },
  ];
  const embed = (some: typeof texts) =>
    embedRecords({ encoder, tokenizer, texts: some, labels, name: 'the pool', isPrivate: true });
  const { count, width, vectors, labels: classes } = await embed(texts);
  expect([count, width, [...classes]]).toEqual([4, 384, [0, 1, 1, 0]]);
  const row = (record: number) => vectors.subarray(record * width, (record + 1) * width);
  for (let record = 0; record < count; record += 1) {
    expect(Math.hypot(...row(record))).toBeLessThanOrEqual(1);
    expect(Math.hypot(...row(record))).toBeGreaterThan(1 - 1e-6);
  }
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, k) => value - b[k]));
  expect(row(0)).toEqual(row(2));
  expect(distance(row(0), row(1))).toBeGreaterThan(0.5);
  // To the last bit: no record moves the vector of another.
  expect((await embed([texts[1]])).vectors).toEqual(row(1));
  expect((await embed([texts[3], texts[0]])).vectors.subarray(width)).toEqual(row(0));
  await expect(embed([{ text: 'a', label: 'eggs' }])).rejects.toMatchObject({ type: 'InvalidData' });
  disposeEncoder(encoder);
});
