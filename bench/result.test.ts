import { expect, test } from 'vitest';
import { resultText, summarise } from './result.ts';

const side = (rate: number, peakRssBytes: number) => ({ rate, peakRssBytes });

test('a summary holds medians, their ratio, shares of the peak and the largest memory', () => {
  const result = summarise({
    unit: 'records/s',
    rounds: [
      { ours: side(4, 10), peer: side(2, 30) },
      { ours: side(9, 12), peer: side(1, 20) },
      { ours: side(3, 11), peer: side(2.5, 25) },
    ],
    flopsPerUnit: 5,
    peakFlopsPerSecond: 100,
  });
  expect(result).toMatchObject({ ours: 4, peer: 2, ratio: 2, peakRssBytes: 12, peerPeakRssBytes: 30 });
  expect(result.shareOfPeak).toBeCloseTo(0.2);
  expect(result.peerShareOfPeak).toBeCloseTo(0.1);
  expect(resultText(result)).toMatch(/ours +4\.00 records\/s +20% of peak/);
});
