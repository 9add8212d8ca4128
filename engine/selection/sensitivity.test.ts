import { describe, expect, it } from 'vitest';
import { classCounts } from './class-counts.ts';
import { classSums } from './class-sums.ts';
import { clippedDescent } from './head-teacher.ts';
import { type LinearHead, withBias, zeroHead } from './linear-head.ts';
import { neighbourVotes } from './neighbour-votes.ts';
import { clusters, WIDTH, without } from './selection.fixture.ts';
import { NO_CLASS, type UnitRecords, unitRecords } from './unit-records.ts';

const pool = clusters({ count: 60, seed: 1 });
const CLASSES = 3;

/** Embeddings that push as far as they can: long, opposed, sparse, tiny, not finite, of no length. */
const HOSTILE: Record<string, number[]> = {
  'very long': new Array(WIDTH).fill(1e18),
  'too long for float32 squares': new Array(WIDTH).fill(-3e38),
  'one coordinate': [1e6, ...new Array(WIDTH - 1).fill(0)],
  tiny: new Array(WIDTH).fill(1e-20),
  denormal: new Array(WIDTH).fill(1e-42),
  'of no length': new Array(WIDTH).fill(0),
  'not a number': [Number.NaN, ...new Array(WIDTH - 1).fill(1)],
  infinite: [Number.NEGATIVE_INFINITY, ...new Array(WIDTH - 1).fill(1)],
};

function withPlanted(embedding: number[], label: number): UnitRecords {
  const others = clusters({ count: 30, seed: 2 });
  const embeddings = new Float32Array([...others.vectors, ...embedding]);
  const labels = Int32Array.of(...others.labels, label);
  return unitRecords({ embeddings, width: WIDTH, labels, classes: CLASSES });
}

/** A head that is as sure as can be, and wrong about one class. */
const sure: LinearHead = withBias(
  {
    ...zeroHead({ classes: CLASSES, width: WIDTH }),
    weights: new Float64Array(CLASSES * (WIDTH + 1)).fill(50),
  },
  [1e3, -1e3, 0],
);

const STATISTICS: Record<string, (records: UnitRecords) => Float64Array> = {
  'class counts': (records) => classCounts(records).values,
  'class sums': (records) => classSums(records).values,
  'descent at a blank head': (records) => clippedDescent(zeroHead(records), records).values,
  'descent at a head that is surely wrong': (records) => clippedDescent(sure, records).values,
  votes: (records) => neighbourVotes(records, pool).values,
  'votes with fewer texts than neighbours': (records) =>
    neighbourVotes(records, clusters({ count: 9, seed: 1 })).values,
};

const moved = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, k) => value - b[k]));

describe.each(Object.entries(STATISTICS))('%s', (_, statistic) => {
  it.each(Object.entries(HOSTILE))('moves by at most 1 for one unit: %s', (_, embedding) => {
    for (let label = 0; label < CLASSES; label += 1) {
      const records = withPlanted(embedding, label);
      const planted = records.count - 1;
      const distance = moved(statistic(records), statistic(without(records, planted)));
      expect(distance).toBeLessThanOrEqual(1 + 1e-12);
      if (records.labels[planted] === NO_CLASS) expect(distance).toBe(0);
    }
  });

  it('moves for a record that counts, wherever it stands', () => {
    const records = clusters({ count: 30, seed: 2 });
    const whole = statistic(records);
    const distances = [...records.labels.keys()].map((record) =>
      moved(whole, statistic(without(records, record))),
    );
    for (const distance of distances) expect(distance).toBeLessThanOrEqual(1 + 1e-12);
    expect(Math.max(...distances)).toBeGreaterThan(0.6);
  });
});

describe('unitRecords', () => {
  it('has no row above norm 1, and rows of records that count have nearly that', () => {
    const random = clusters({ count: 3000, seed: 7 });
    for (const [name, embedding] of Object.entries(HOSTILE)) {
      const { vectors, labels, count } = withPlanted(embedding, 0);
      const own = Math.hypot(...vectors.subarray((count - 1) * WIDTH));
      expect(own, name).toBeLessThanOrEqual(1);
      if (labels[count - 1] !== NO_CLASS) expect(own, name).toBeGreaterThan(1 - 1e-6);
      else expect(own, name).toBe(0);
    }
    for (let record = 0; record < random.count; record += 1) {
      let squares = 0;
      for (const value of random.vectors.subarray(record * WIDTH, (record + 1) * WIDTH))
        squares += value * value;
      expect(squares).toBeLessThanOrEqual(1);
      expect(squares).toBeGreaterThan(1 - 1e-6);
    }
  });

  it('looks at each record alone: a record that is not finite spoils no other', () => {
    const records = withPlanted(HOSTILE['not a number'], 1);
    const alone = clusters({ count: 30, seed: 2 });
    expect([...records.labels.subarray(0, 30)]).toEqual([...alone.labels]);
    expect(records.vectors.every(Number.isFinite)).toBe(true);
    for (const statistic of Object.values(STATISTICS))
      expect(statistic(records).every(Number.isFinite)).toBe(true);
  });

  it('refuses labels and sizes that do not fit', () => {
    const params = { embeddings: new Float32Array(4), width: 2, labels: Int32Array.of(0, 1), classes: 2 };
    expect(unitRecords(params).count).toBe(2);
    const refused = expect.objectContaining({ type: 'InvalidData' });
    expect(() => unitRecords({ ...params, classes: 1 })).toThrow(refused);
    expect(() => unitRecords({ ...params, labels: Int32Array.of(0, -1) })).toThrow(refused);
    expect(() => unitRecords({ ...params, width: 3 })).toThrow(refused);
  });
});

it("a vote goes to the nearest texts of the record's own class, k of them with 1/sqrt(k) each", () => {
  const records = clusters({ count: 3, seed: 4 });
  const { values } = neighbourVotes(records, pool, 4);
  const placed = [...values.keys()].filter((text) => values[text] > 0);
  expect(placed).toHaveLength(12);
  for (const text of placed) expect(values[text]).toBe(0.5);
  for (let record = 0; record < 3; record += 1) {
    const product = (text: number) =>
      records.vectors
        .subarray(record * WIDTH, (record + 1) * WIDTH)
        .reduce((sum, value, j) => sum + value * pool.vectors[text * WIDTH + j], 0);
    const own = [...pool.labels.keys()].filter((text) => pool.labels[text] === records.labels[record]);
    const nearest = own.sort((a, b) => product(b) - product(a)).slice(0, 4);
    expect(nearest.every((text) => values[text] > 0)).toBe(true);
  }
});
