import { expect, it } from 'vitest';
import { proxies } from '../proxies.fixture.ts';
import { renderReport } from '../render-report.ts';
import { reportData } from '../report.fixture.ts';
import type { ReportData } from '../report-data.ts';
import { toRelease } from '../to-release.ts';

function data(testSetIsPublic: boolean, change: Partial<ReportData> = {}): ReportData {
  const base = reportData();
  const corpus = { ...base.config.corpus, testSetIsPublic };
  return reportData({ config: { ...base.config, corpus }, proxies: proxies(), ...change });
}

const release = (testSetIsPublic: boolean) => renderReport({ ...data(testSetIsPublic), version: 'release' });

it('shows every proxy of every corpus, with the settings that affect it', () => {
  const page = renderReport(data(false));
  expect(page).toMatch(
    /MAUVE, c = 5, automatic buckets.*0\.3367 ± 0\.004.*0\.4123 ± 0\.004.*0\.8791 ± 0\.004/s,
  );
  expect(page).toContain('not defined<small class="because">no model wrote these texts</small>');
  expect(page).toContain(
    'Not private: every number here comes from real records, except those of the synthetic texts alone',
  );
});

it('releases numbers against real test records only if these are public, and never those of real training records', () => {
  expect(release(true)).toContain('MAUVE, c = 5');
  for (const isPublic of [true, false]) expect(release(isPublic)).not.toContain('0.8791');
  const closed = release(false);
  expect(closed).toContain('only numbers computed from the texts alone are released');
  expect(closed).toContain('Self-BLEU');
  expect(closed).not.toMatch(/MAUVE|divergence|Length distance|Embedding|generating model|80 real/);
});

it('releases no proxy of a run without privacy, and no local folder', () => {
  const base = data(true);
  const none = { ...base.config, privacy: { ...base.config.privacy, epsilon: 'none' as const } };
  expect(toRelease({ ...base, config: none }).proxies).toBeUndefined();
  const settings = { records: 500, encoder: '/home/ann/encoder', mauve: [], perplexityRecords: 0 };
  const evaluation = { ...base.config.evaluation, proxies: settings };
  const page = renderReport({ ...base, config: { ...base.config, evaluation }, version: 'release' });
  expect(page).not.toContain('/home/ann');
});

it('says which corpus is missing and why, and has no section if no proxies were requested', () => {
  const page = renderReport(
    data(true, {
      proxies: { corpora: [], missing: [{ source: 'synthetic', why: 'OutOfMemory: no <room>' }] },
    }),
  );
  expect(page).toContain('missing: OutOfMemory: no &lt;room&gt;');
  expect(renderReport(reportData())).not.toContain('id="proxies"');
});
