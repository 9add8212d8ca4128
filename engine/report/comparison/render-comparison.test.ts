import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import { classifierSchema } from '../../../schemas/settings/classifier.ts';
import { reportData, scoreRow, scores } from '../report.fixture.ts';
import type { ReportData } from '../report-data.ts';
import { renderComparison } from './render-comparison.ts';

type Change = { run: string; epsilon: ExperimentConfig['privacy']['epsilon']; accuracy?: number | null };

function runOf({ run, epsilon, accuracy }: Change, version: ReportData['version'] = 'private'): ReportData {
  const base = reportData();
  const all = scores();
  const others = all.rows.filter(({ source }) => source !== 'synthetic');
  return reportData({
    run,
    version,
    config: { ...base.config, privacy: { ...base.config.privacy, epsilon } },
    scores: {
      ...all,
      rows: accuracy === undefined ? others : [...others, scoreRow('synthetic', accuracy)],
      missing: accuracy === undefined ? [{ source: 'synthetic', why: 'OutOfMemory: no room' }] : [],
    },
  });
}

const RUNS = [
  runOf({ run: 'first', epsilon: 1, accuracy: 0.651 }),
  runOf({ run: 'second', epsilon: 3, accuracy: 0.752 }),
  runOf({ run: 'third', epsilon: 8 }),
];

describe('renderComparison', () => {
  it('shows each run with its interval, or the reason for a missing or failed result', () => {
    const page = renderComparison({ runs: RUNS, unfinished: [{ run: 'fourth', why: 'it did not end' }] });
    expect(page).toContain('0.651 ± 0.012<small>0.621 to 0.681</small>');
    expect(page).toContain('missing: OutOfMemory: no room');
    expect(page).toMatch(/missing <sup>1<\/sup>.*<ol class="notes">.*<li>OutOfMemory: no room<\/li>/s);
    expect(page).toMatch(/<bdi>fourth<\/bdi>.*no result: it did not end/s);
    expect(page).toContain('3 runs side by side. 1 more did not finish.');
    expect(page).not.toMatch(/NaN|Infinity|undefined|<script|<link rel="stylesheet"/);
  });

  it('draws accuracy against epsilon, with the rows that all runs share', () => {
    const page = renderComparison({ runs: RUNS });
    const told = /role="img" aria-label="([^"]*)"/.exec(page)?.[1];
    expect(told).toContain('0.651 to 0.752; best: second');
    expect(told).toContain('Real 0.955');
    const other = renderComparison({
      runs: [...RUNS, reportData({ run: 'x', scores: { ...scores(), rows: [scoreRow('real', 0.9)] } })],
    });
    expect(/role="img" aria-label="([^"]*)"/.exec(other)?.[1]).not.toContain('Real');
  });

  it('joins the runs of a method by rising epsilon, whatever order they are given in', () => {
    const table = (runs: ReportData[]) =>
      [
        ...renderComparison({ runs }).matchAll(
          /<th scope="row"><bdi>(\w+)<\/bdi><\/th><td class="num">[^<]*LoRA/g,
        ),
      ].map(([, run]) => run);
    const runs = [...RUNS.slice(0, 2), runOf({ run: 'none', epsilon: 'none', accuracy: 0.8 })];
    expect(table([...runs].reverse())).toEqual(['first', 'second', 'none']);
  });

  it('draws training on the real records with DP as a separate line, and withholds it from a release', () => {
    const runs = RUNS.map((data, i) => ({
      ...data,
      scores: { ...data.scores!, rows: [...data.scores!.rows, scoreRow('real-dp', 0.8 + i / 100)] },
    }));
    const page = renderComparison({ runs });
    expect(page).toContain('<bdi>Real records, directly with DP-SGD</bdi>');
    expect(page).toContain('<td class="num">0.820</td>');
    const released = renderComparison({
      runs: runs.map((data) => ({ ...data, version: 'release' as const })),
    });
    expect(released).not.toMatch(/directly with DP-SGD|0\.820/);
  });

  it('shows training data against epsilon, one table per kind of classifier, and says why a cell is empty', () => {
    const { classifier, ...config } = RUNS[0].config;
    const linear = { ...classifier, ...classifierSchema.parse({ kind: 'linear' }) };
    const other = { ...RUNS[1], run: 'fourth', config: { ...config, classifier: linear } };
    const page = renderComparison({ runs: [...RUNS, other] });
    const [first, second, third] = page.split('<table class="runs pivot">');
    expect(first).toMatch(/<h3>WordCNN, <bdi>sms-spam<\/bdi><\/h3>/);
    expect(second).toMatch(/ε = 1<\/th>.*ε = 3<\/th>.*ε = 8<\/th>/);
    const line = /<tr class="synthetic">.*?<\/tr>/s.exec(second)?.[0] ?? '';
    expect(line).toMatch(/0\.651 ± 0\.012.*first.*0\.752 ± 0\.012.*second.*missing <sup>\d<\/sup>.*third/s);
    expect(second).toContain('<h3>Linear n-grams, <bdi>sms-spam</bdi></h3>');
    expect(third).toMatch(/ε = 1<\/th><\/tr>.*fourth.*<li>OutOfMemory: no room<\/li>/s);
    // Each kind is a separate line in the chart.
    expect(page).toMatch(/<bdi>[^<]*; WordCNN<\/bdi>.*<bdi>[^<]*; Linear n-grams<\/bdi>/s);
    expect(renderComparison({ runs: [RUNS[0], RUNS[0]] })).not.toContain('class="runs pivot"');
  });

  it('names only the settings that differ', () => {
    const page = renderComparison({ runs: RUNS });
    expect(page).toContain('<code>privacy.<wbr>epsilon</code>');
    expect(page).not.toContain('<wbr>clippingNorm');
    expect(renderComparison({ runs: [RUNS[0], RUNS[0]] })).toContain('The runs have the same settings.');
  });

  it('adds up the privacy loss of runs over one corpus', () => {
    expect(renderComparison({ runs: RUNS })).toContain(
      '3 runs, at most (12, 3.150e-4)-DP'.replace('3.150e-4', '3.15e-4'),
    );
    const open = runOf({ run: 'open', epsilon: 'none', accuracy: 0.8 });
    expect(renderComparison({ runs: [...RUNS, open] })).toContain('no guarantee');
  });

  it('is private if one run is, and a release contains nothing private', () => {
    const released = RUNS.map((data) => ({ ...data, version: 'release' as const }));
    const page = renderComparison({ runs: released });
    expect(page).toContain('Release version');
    for (const mark of ['0.955', '4 min 38', '2.8 GiB', '/private/']) expect(page).not.toContain(mark);
    expect(page).toContain('withheld');
    expect(renderComparison({ runs: [...released, RUNS[0]] })).toContain('Private version');
  });

  it('returns a page even if no run has a score', () => {
    const page = renderComparison({ runs: [reportData({ scores: null })] });
    expect(page).toContain('This run has no scores.');
    expect(page).toContain('No run has a score to show.');
  });
});
