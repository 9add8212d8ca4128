import { expect, it } from 'vitest';
import type { PublishedVersion } from '../../schemas/resynthesis.ts';
import { renderChangelog } from './render-changelog.ts';

const version = (number: number, change: Partial<PublishedVersion> = {}): PublishedVersion => ({
  version: number,
  run: `weekly-v${number}`,
  mode: 'full',
  publishedAt: `2026-01-0${number}T03:00:00.000Z`,
  manifest: { uri: 'file:///x', sha256: '0'.repeat(64), bytes: 1, mediaType: 'application/json' },
  statement: `Statement ${number}.`,
  epsilon: 3,
  syntheticRecords: 100,
  scores: { accuracy: 0.5, balancedAccuracy: 0.25, macroF1: null },
  ...change,
});

it('compares each version with the previous one, newest first', () => {
  const scores = { accuracy: 0.75, balancedAccuracy: 0.125, macroF1: 0.5 };
  const text = renderChangelog({ release: 'weekly', versions: [version(1), version(3, { scores })] });
  const [first, second] = [text.indexOf('## Version 3, 2026-01-03'), text.indexOf('## Version 1')];
  expect(first).toBeGreaterThan(0);
  expect(second).toBeGreaterThan(first);
  expect(text).toContain('| | Version 3 | Version 1 | Change |');
  expect(text).toContain('| Accuracy | 0.750 | 0.500 | +0.250 |');
  expect(text).toContain('| Balanced accuracy | 0.125 | 0.250 | -0.125 |');
  expect(text).toContain('| Macro-F1 | 0.500 |  |  |');
  expect(text).toContain('| Accuracy | 0.500 |  |  |');
});

it('has no scores if none may be known', () => {
  const text = renderChangelog({ release: 'weekly', versions: [version(1, { scores: null })] });
  expect(text).not.toContain('Accuracy');
});
