import { describe, expect, it } from 'vitest';
import { runKeyFromBytes } from '../privacy/run-key.ts';
import { openSelectionMechanism } from '../privacy/selection-mechanism.ts';
import { planSelectionWithoutPrivacy } from '../privacy/selection-plan.ts';
import { headProbabilities, type LinearHead } from './linear-head.ts';
import { trainPoolHead } from './pool-head.ts';
import { selectTexts } from './select-texts.ts';
import { clusters, mechanismOf, without } from './selection.fixture.ts';
import { selectionStatistics } from './selection-statistics.ts';
import type { UnitRecords } from './unit-records.ts';

const records = clusters({ count: 900, seed: 1, turned: 0.7 });
const test = clusters({ count: 300, seed: 2, turned: 0.7 });
const pool = clusters({ count: 150, seed: 3, mislabelled: 0.4 });

function accuracy(head: LinearHead, { labels, count, classes }: UnitRecords): number {
  const probabilities = headProbabilities(head, test);
  let right = 0;
  for (let record = 0; record < count; record += 1) {
    const own = probabilities.subarray(record * classes, (record + 1) * classes);
    if (own.indexOf(Math.max(...own)) === labels[record]) right += 1;
  }
  return right / count;
}

type Options = Partial<Parameters<typeof selectTexts>[0]> & {
  noiseMultiplier?: number;
  votes?: boolean;
  key?: number;
};

function select(options: Options = {}) {
  const { noiseMultiplier = 3, votes = false, key, ...rest } = options;
  const params = {
    teacher: 'head',
    rule: 'agree',
    records,
    pool,
    wanted: [20, 20, 20],
    seed: 1,
    ...rest,
  } as const;
  const statistics = selectionStatistics({ teacher: params.teacher, votes });
  return selectTexts({
    mechanism: mechanismOf({ records: params.records, statistics, noiseMultiplier, key }),
    ...params,
  });
}

describe.each(['head', 'class-means'] as const)('a teacher of kind %s', (teacher) => {
  it('learns what the pool does not know', async () => {
    const { teacher: head } = await select({ teacher });
    expect(accuracy(trainPoolHead(pool), test)).toBeLessThan(accuracy(head, test) - 0.03);
    expect(accuracy(head, test)).toBeGreaterThan(0.9);
  });

  it('is repeated exactly by the same key, and is another under another key', async () => {
    const first = await select({ teacher, key: 1 });
    expect(await select({ teacher, key: 1 })).toEqual(first);
    expect((await select({ teacher, key: 2 })).teacher).not.toEqual(first.teacher);
  });

  it('works for a class without any private record, or without any text in the pool: it gets noise alone', async () => {
    const [two, whole] = [
      { ...clusters({ count: 90, seed: 5, classes: 2 }), classes: 3 },
      { teacher, wanted: [5, 5, 5] },
    ];
    for (const params of [
      { ...whole, records: two },
      { ...whole, pool: two },
      { ...whole, records: two, pool: two },
    ])
      for (const noiseMultiplier of [0.01, 3, 1000]) {
        const { teacher: head, texts, byClass } = await select({ ...params, noiseMultiplier, votes: true });
        expect(head.weights.every(Number.isFinite)).toBe(true);
        for (const { probabilities } of texts) expect(probabilities.every(Number.isFinite)).toBe(true);
        expect(byClass).toHaveLength(3);
      }
  });

  it('works without privacy, and where no record contributes anything', async () => {
    const statistics = selectionStatistics({ teacher, votes: true });
    const plan = planSelectionWithoutPrivacy({ records: records.count, statistics });
    const mechanism = openSelectionMechanism({ plan, runKey: runKeyFromBytes(new Uint8Array(32)) });
    expect(accuracy((await select({ teacher, mechanism })).teacher, test)).toBeGreaterThan(0.9);
    const nothing = { ...clusters({ count: 30, seed: 1 }), vectors: new Float32Array(30 * 12) };
    nothing.labels.fill(-1);
    const { teacher: head } = await select({ teacher, records: nothing });
    expect(head.weights.every(Number.isFinite)).toBe(true);
  });

  it('stays with the pool where the noise drowns the records', async () => {
    const pooled = accuracy(trainPoolHead(pool), test);
    const { teacher: head } = await select({ teacher, noiseMultiplier: 1e5 });
    expect(accuracy(head, test)).toBeGreaterThan(pooled - 0.1);
    expect(accuracy(head, test)).toBeLessThan(pooled + 0.1);
  });

  it('is for equally frequent classes, however rare a class is among the private records', async () => {
    const kept = [...records.labels.keys()].filter(
      (record) => records.labels[record] !== 0 || record % 15 === 0,
    );
    let rare = records;
    for (const record of records.labels.keys()) if (!kept.includes(record)) rare = without(rare, record);
    expect(accuracy((await select({ teacher, records: rare })).teacher, test)).toBeGreaterThan(0.85);
  });

  it('refuses to run under the plan of the other', async () => {
    const other = teacher === 'head' ? 'class-means' : 'head';
    const statistics = selectionStatistics({ teacher: other, votes: false });
    const mechanism = mechanismOf({ records, statistics, noiseMultiplier: 3 });
    await expect(select({ teacher, mechanism })).rejects.toMatchObject({ type: 'BudgetExceeded' });
  });
});

describe('selectTexts', () => {
  it('keeps with "agree" the texts whose own label the teacher chooses, the wanted number of each', async () => {
    const { texts, byClass } = await select({ rule: 'agree' });
    for (const { text, label, weight } of texts) {
      expect(pool.labels[text]).toBe(label);
      expect(weight).toBe(1);
    }
    expect(byClass.map(({ chosen }) => chosen)).toEqual([20, 20, 20]);
    for (const { written, agreed } of byClass) {
      expect(agreed / written).toBeGreaterThan(0.45);
      expect(agreed / written).toBeLessThan(0.75);
    }
    expect(byClass.reduce((sum, { written }) => sum + written, 0)).toBe(150);
    expect(texts.map(({ text }) => text)).toEqual([...texts.map(({ text }) => text)].sort((a, b) => a - b));
  });

  it.each(['relabel', 'soft'] as const)(
    'gives each text the teacher\'s class with "%s", whatever its own',
    async (rule) => {
      const { texts } = await select({ rule });
      for (const { label, probabilities } of texts) {
        expect(probabilities.indexOf(Math.max(...probabilities))).toBe(label);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      }
      expect(texts.some(({ text, label }) => pool.labels[text] !== label)).toBe(true);
      // The pool stands in turns of three classes: what it was written as before labels were mistaken.
      expect(texts.filter(({ text, label }) => text % 3 === label).length / texts.length).toBeGreaterThan(
        0.9,
      );
    },
  );

  it('weighs classes as they are wanted: a text between two goes to the one of which more is wanted', async () => {
    const chosen = async (wanted: number[]) => (await select({ rule: 'relabel', wanted })).byClass[0].chosen;
    expect(await chosen([150, 150, 150])).toBeGreaterThan(await chosen([150, 15_000, 15_000]));
  });

  it('takes no text twice, and none for a class that is not wanted', async () => {
    const { texts } = await select({ rule: 'soft', wanted: [30, 30, 0], votes: true });
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
    for (const { label, probabilities } of texts) {
      expect(label).not.toBe(2);
      expect(probabilities[2]).toBe(0);
    }
  });

  it('prefers with votes the texts that private records are near', async () => {
    // Half of the pool is where no record is.
    const far = clusters({ count: 150, seed: 6, turned: -2 });
    const near = clusters({ count: 150, seed: 7, turned: 0.7 });
    const both = {
      ...far,
      count: 300,
      vectors: new Float32Array([...far.vectors, ...near.vectors]),
      labels: new Int32Array([...far.labels, ...near.labels]),
    };
    const nearShare = async (votes: boolean) => {
      const { texts } = await select({ rule: 'agree', pool: both, votes, noiseMultiplier: 1 });
      return texts.filter(({ text }) => text >= 150).length / texts.length;
    };
    expect(await nearShare(true)).toBeGreaterThan(0.8);
    expect(await nearShare(false)).toBeLessThan(0.75);
  });

  it('refuses before anything is released: no text wanted, other labels or another encoder', async () => {
    await expect(select({ wanted: [0, 0, 0] })).rejects.toMatchObject({ type: 'InvalidConfig' });
    await expect(select({ wanted: [1, 0.5, 0] })).rejects.toMatchObject({ type: 'InvalidConfig' });
    await expect(select({ pool: { ...pool, classes: 4 } })).rejects.toMatchObject({ type: 'InvalidData' });
    await expect(select({ pool: { ...pool, width: 6 } })).rejects.toMatchObject({ type: 'InvalidData' });
  });
});
