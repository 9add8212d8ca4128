import { expect, it } from 'vitest';
import {
  formatBytes,
  formatInterval,
  formatMean,
  formatNumber,
  formatScore,
  formatSeconds,
} from './format.ts';

it('never shows NaN or an infinity as a number', () => {
  for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(formatScore(value)).toBe('not defined');
    expect(formatNumber(value)).toBe('not defined');
    expect(formatMean(value, 0.1)).toBe('not defined');
  }
  expect(formatInterval(null)).toBe('not defined');
});

it('shows a mean without a deviation if a single seed gives none', () => {
  expect(formatMean(0.5, null)).toBe('0.500');
  expect(formatMean(0.5, 0)).toBe('0.500 ± 0.000');
});

it('rounds seconds before it splits them, so that no 60 s appears', () => {
  expect(formatSeconds(59.94)).toBe('59.9 s');
  expect(formatSeconds(119.7)).toBe('2 min 00 s');
  expect(formatSeconds(3720)).toBe('1 h 02 min');
});

it('uses binary units for bytes and powers for tiny numbers', () => {
  expect(formatBytes(512)).toBe('512 B');
  expect(formatBytes(3 * 1024 ** 3)).toBe('3.0 GiB');
  expect(formatNumber(5.6e-5)).toBe('5.60e-5');
  expect(formatNumber(0.71234)).toBe('0.7123');
});
