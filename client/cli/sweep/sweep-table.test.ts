import { expect, test } from 'vitest';
import type { ComparedCell, ComparedRow } from '../../sweep/read-comparison.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { sweepTable } from './sweep-table.ts';

const row = (source: ComparedRow['source'], accuracy: number): ComparedRow => ({
  source,
  mean: { accuracy, balancedAccuracy: accuracy, macroF1: null },
  intervals: {
    accuracy: { low: accuracy - 0.01, high: accuracy + 0.01 },
    balancedAccuracy: null,
    macroF1: null,
  },
});

const cell = (name: string, values: Partial<ComparedCell> = {}): ComparedCell => ({
  name,
  run: `s-${name}`,
  status: 'done',
  why: null,
  epsilon: 3,
  startedAt: null,
  endedAt: null,
  earlier: false,
  training: { epsilon: 2.99, trainableParameters: 12_345 },
  cost: { seconds: 61, peakRssBytes: 2 ** 30 },
  published: null,
  scores: null,
  report: null,
  rows: [row('majority', 0.5), row('zero-shot', 0.6), row('synthetic', 0.7)],
  internal: [],
  missing: [],
  ...values,
});

const lines = (cells: ComparedCell[]) =>
  sweepTable({ cells, colors: colorsFor({}) })
    .split('\n')
    .map((line) => line.replace(/\s*│\s*/g, '|'));

test('a row has scores with intervals and the cost of training; shared rows appear once', () => {
  const table = lines([cell('a'), cell('b', { epsilon: 'none', earlier: true })]);
  expect(table.filter((line) => line.includes('Zero-shot'))).toEqual([
    '|Zero-shot||0.600  0.590 to 0.610|0.600|||||',
  ]);
  expect(table).toContain('|a|3|0.700  0.690 to 0.710|0.700|12,345|1 min 01 s|1.0 GiB|done|');
  expect(table.find((line) => line.startsWith('|b|no privacy|'))).toMatch(/\|done earlier\|$/);
});

test('the loss of held-out text is shown before and after fine-tuning, if it was measured', () => {
  const loss = (nats: number) => ({ nats, tokens: 100, records: 5 });
  const table = lines([cell('a', { heldOut: { tuned: loss(2.25), untuned: loss(2.5) } }), cell('b')]);
  expect(table[1]).toContain('|Held-out nats|');
  expect(table.find((line) => line.startsWith('|a|'))).toContain('|2.500 to 2.250|12,345|');
  expect(table.find((line) => line.startsWith('|b|'))).toContain('|0.700||12,345|');
});

test('kinds of classifiers have a column if they differ', () => {
  const table = lines([cell('a', { classifier: 'wordcnn' }), cell('b', { classifier: 'linear' })]);
  expect(table[1]).toContain('|Variant|Classifier|Epsilon|');
  expect(table.find((line) => line.startsWith('|a|'))).toContain('|a|WordCNN|3|0.700');
  expect(table.find((line) => line.startsWith('|b|'))).toContain('|b|Linear n-grams|3|0.700');
  expect(lines([cell('a', { classifier: 'linear' }), cell('b')])[1]).toContain('|Variant|Epsilon|');
});

test('a shared row that differs is shown once per value, with its variants', () => {
  const table = lines([cell('a'), cell('b'), cell('c', { rows: [row('majority', 0.9)] })]);
  expect(table.filter((line) => line.startsWith('|Majority')).map((line) => line.split('|')[1])).toEqual([
    'Majority (a, b)',
    'Majority (c)',
  ]);
});

test('a failed variant and a missing score say why, and what must not be shared has a star', () => {
  const table = lines([
    cell('bad', { status: 'failed', why: 'InvalidData: no records\nmore', rows: [], training: null }),
    cell('odd', { rows: [], missing: [{ source: 'synthetic', why: 'InvalidData: one label' }] }),
    cell('mine', { internal: ['synthetic'] }),
  ]);
  expect(table.find((line) => line.startsWith('|bad|3|'))).toBe('|bad|3|failed: InvalidData: no records|');
  expect(table.find((line) => line.startsWith('|odd|3|'))).toMatch(
    /\|no score: InvalidData: one label\|12,345\|/,
  );
  expect(table.some((line) => line.startsWith('|mine *|3|'))).toBe(true);
});

test('a trial of a search is shown with what it tried, and whether it was given up', () => {
  const trial = { index: 0, rung: 0, score: 0.7, values: { 'training.steps': 8, 'template.task': 'x' } };
  const table = lines([
    cell('t001', { trial: { ...trial, verdict: 'given up' } }),
    cell('t002', { trial: { ...trial, verdict: 'goes on' } }),
  ]);
  expect(table.find((line) => line.startsWith('|t001, steps 8, task x|'))).toMatch(/\|given up\|$/);
  expect(table.find((line) => line.startsWith('|t002, steps 8, task x|'))).toMatch(/\|done\|$/);
});
