import { describe, expect, it } from 'vitest';
import { tinyCheckpoint } from '../language-model/tiny-checkpoint.fixture.ts';
import { encodeRecords } from './encode-records.ts';
import { targetPositions } from './target-positions.ts';

const { tokenizer } = tinyCheckpoint();
const template = { form: 'prefix', task: 'mail' } as const;
const records = [
  { text: 'short', label: 'a' },
  { text: 'a text that is much longer than the limit', label: 'b' },
  { text: '', label: 'a' },
];
const encode = (change: { maxTokens?: number; objective?: 'prefix' | 'full' } = {}, some = records) =>
  encodeRecords({ records: some, template, tokenizer, maxTokens: 10, objective: 'prefix', ...change });

describe('encodeRecords', () => {
  it('makes one example per record, independent of the other records', () => {
    const together = encode();
    expect(together).toHaveLength(records.length);
    records.forEach((record, i) => {
      expect(encode({}, [record])).toEqual([together[i]]);
    });
  });

  it('keeps at most the public number of target tokens, and ends a record that fits with the stop token', () => {
    const targets = encode().map(({ ids, prefixLength }) => ids.slice(prefixLength));
    expect(targets.map(({ length }) => length)).toEqual([6, 10, 1]);
    expect(targets[0].at(-1)).toBe(tokenizer.endOfText);
    expect(targets[0].slice(0, 5)).toEqual(tokenizer.encode('short'));
    expect(targets[1]).toEqual(tokenizer.encode(records[1].text).slice(0, 10));
  });

  it('puts the prefix of the label before the text, with loss on it under the full objective only', () => {
    const [first, second] = encode();
    const prefix = tokenizer.encode('[mail][a]: ');
    expect(first.ids.slice(0, first.prefixLength).slice(-prefix.length)).toEqual(prefix);
    expect(second.ids.slice(0, second.prefixLength)).not.toEqual(first.ids.slice(0, first.prefixLength));
    const full = encode({ objective: 'full' });
    expect(full.map(({ prefixLength }) => prefixLength)).toEqual([1, 1, 1]);
    expect(full.map(({ ids }) => ids)).toEqual(encode().map(({ ids }) => ids));
  });
});

describe('targetPositions', () => {
  const encoded = encode();
  const tokens = Math.max(...encoded.map(({ ids }) => ids.length));
  const weightsOf = (some: typeof encoded, lossNormalisation: 'mean' | 'sum' | 'constant') => {
    const found = targetPositions({
      ...{ records: some, tokens, promptLength: 2, lossNormalisation, maxTokens: 10 },
    });
    return some.map((_, owner) => Array.from(found.weights).filter((_, i) => found.owners[i] === owner));
  };

  it.each([
    ['mean', [1 / 6, 1 / 10, 1]],
    ['sum', [1, 1, 1]],
    ['constant', [1 / 10, 1 / 10, 1 / 10]],
  ] as const)('normalises within a record, by %s, whatever the others are', (normalisation, expected) => {
    const together = weightsOf(encoded, normalisation);
    together.forEach((weights, i) => {
      expect(weights).toEqual(weights.map(() => Math.fround(expected[i])));
      expect(weightsOf([encoded[i]], normalisation)).toEqual([weights]);
    });
    expect(together.map(({ length }) => length)).toEqual([6, 10, 1]);
  });

  it('predicts each target from the position before it, after the soft prompt', () => {
    const { rows, ids, owners } = targetPositions({
      ...{ records: encoded, tokens, promptLength: 2, lossNormalisation: 'mean', maxTokens: 10 },
    });
    rows.forEach((row, i) => {
      const place = row - owners[i] * (2 + tokens) - 2;
      expect(encoded[owners[i]].ids[place + 1]).toBe(ids[i]);
      expect(place + 1).toBeGreaterThanOrEqual(encoded[owners[i]].prefixLength);
    });
  });
});
