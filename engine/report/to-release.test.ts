import { describe, expect, it } from 'vitest';
import { textStatistics } from './figures/text-statistics.ts';
import { renderReport } from './render-report.ts';
import { reportData, scoreRow, scores } from './report.fixture.ts';
import { WITHHELD_SCORES } from './sections/results.ts';
import { releasableScores, toRelease } from './to-release.ts';

/** Returns a run whose private numbers and names are all marks that a test can search for. */
function marked(testSetIsPublic: boolean) {
  const base = reportData();
  return reportData({
    version: 'release',
    config: { ...base.config, corpus: { ...base.config.corpus, testSetIsPublic } },
    trainingCurve: [
      { step: 1, loss: 7.7131, clippedFraction: 0.7132, gradientNorm: 7.7133, drawn: 7134 },
      { step: 2, loss: 7.7135, clippedFraction: 0.7136 },
    ],
    stages: [
      { stage: 'private-stage-mark', seconds: 7137, readsPrivate: true },
      { stage: 'public-stage-mark', seconds: 5, readsPrivate: false },
    ],
    lineage: [
      {
        name: 'private-artifact-mark',
        area: 'private',
        ref: {
          uri: 'file:///private/split-mark',
          sha256: 'cd'.repeat(32),
          bytes: 1,
          mediaType: 'text/plain',
        },
      },
      base.lineage[1],
    ],
  });
}

describe('the release version', () => {
  it('keeps only the last part of file names, also for a test set', () => {
    const base = reportData().config;
    const of = (corpus: object) =>
      toRelease(reportData({ config: { ...base, corpus: { ...base.corpus, ...corpus } } })).config.corpus;
    const source = '/home/ann/notes.csv';
    expect(of({ source, test: '/home/ann/public.csv' })).toMatchObject({
      source: 'notes.csv',
      test: 'public.csv',
    });
    expect(of({ source, test: 's3://clinic/tests/public.csv?endpoint=http://10.0.0.7:9000' }).test).toBe(
      'public.csv',
    );
    expect(of({ source, test: { field: 'fold', value: 4 } }).test).toEqual({ field: 'fold', value: 4 });
    expect(of({ source })).not.toHaveProperty('test');
  });

  it.each([true, false])(
    'holds no training curve, private cost or private artifact (public test set: %s)',
    (isPublic) => {
      const page = renderReport(marked(isPublic));
      for (const mark of [
        '7.713',
        '0.713',
        '7134',
        '1 h 58',
        'private-stage-mark',
        'private-artifact-mark',
        'split-mark',
        'cdcd',
      ])
        expect(page).not.toContain(mark);
      expect(page).toContain('public-stage-mark');
      expect(renderReport({ ...marked(isPublic), version: 'private' })).toContain('7.713');
    },
  );

  it('shows lengths and words of generated texts, never of the real records', () => {
    const base = marked(true);
    const measured = (source: 'synthetic' | 'real', texts: string[]) => ({
      source,
      texts,
      tokens: texts.map((text) => text.length),
    });
    const real = measured(
      'real',
      Array.from({ length: 7919 }, () => 'the patient is Ann'),
    );
    const texts = textStatistics(measured('synthetic', ['see you soon', 'see you']), [real]);
    const page = renderReport({ ...base, texts });
    expect(page).toContain('see you');
    expect(page).toContain('Synthetic 2.');
    expect(page).not.toMatch(/7,?919|patient|Ann\b|Real 7/);
    expect(renderReport({ ...base, texts, version: 'private' })).toContain('Real 7,919');
    expect(toRelease({ ...base, texts }).texts?.corpora.map(({ source }) => source)).toEqual(['synthetic']);
    const privacy = { ...base.config.privacy, epsilon: 'none' as const };
    expect(toRelease({ ...base, texts, config: { ...base.config, privacy } }).texts).toBeNull();
  });

  it('leaves out the scores, and says so, if the test set is private', () => {
    const page = renderReport(marked(false));
    expect(page).toContain(WITHHELD_SCORES);
    for (const score of ['0.724', '0.610', '0.955', '0.694', 'Confusion']) expect(page).not.toContain(score);
  });

  it('keeps only the rows covered by the mechanism if the test set is public', () => {
    const page = renderReport(marked(true));
    expect(page).toContain('0.724 ± 0.012');
    expect(page).toContain('0.610');
    expect(page).not.toContain('0.955');
    expect(page).toContain('missing: computed from the private training records');
  });

  it('contains no synthetic record and no score of a run without privacy', () => {
    const base = marked(true);
    const config = { ...base.config, privacy: { ...base.config.privacy, epsilon: 'none' as const } };
    const page = renderReport({ ...base, config });
    expect(page).toContain('This run has no differential privacy');
    expect(page).toContain('Dear customer');
    for (const mark of ['See you at seven', '0.724', '0.610']) expect(page).not.toContain(mark);
  });

  it('does not reveal folders of this machine', () => {
    const base = marked(true);
    const corpus = { ...base.config.corpus, source: '/home/ann/clinic/notes.csv' };
    const page = renderReport({ ...base, config: { ...base.config, model: 'C:\\models\\small', corpus } });
    expect(page).toContain('notes.csv');
    expect(page).not.toMatch(/clinic|C:|\/store\//);
    expect(page).toContain('release/sms/synthetic.jsonl');
  });

  it('moves withheld rows to the missing ones, and returns null for a private test set', () => {
    const all = scores();
    // Trained with DP, but with a budget that the released statement does not count.
    const released = releasableScores({ ...all, rows: [...all.rows, scoreRow('real-dp', 0.8)] }, true);
    expect(released?.rows.map((row) => row.source)).toEqual(['zero-shot', 'synthetic']);
    expect(released?.missing.map((row) => row.source)).toEqual(['majority', 'real', 'real-dp']);
    expect(releasableScores(scores(), false)).toBeNull();
  });
});
