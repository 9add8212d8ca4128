import { describe, expect, it } from 'vitest';
import { proxies } from '../proxies.fixture.ts';
import { reportData, scoreRow, scores } from '../report.fixture.ts';
import type { ReportData } from '../report-data.ts';
import { renderComparison } from './render-comparison.ts';

/** Returns a run whose proxies are all `proxy`. */
function runOf(run: string, accuracy: number, proxy: number, change: Partial<ReportData> = {}): ReportData {
  const all = scores();
  const rows = all.rows.map((row) => (row.source === 'synthetic' ? scoreRow('synthetic', accuracy) : row));
  return reportData({
    run,
    scores: { ...all, rows },
    proxies: proxies({ synthetic: proxy, 'zero-shot': 0.1234 }),
    ...change,
  });
}

const RUNS = [
  runOf('first', 0.651, 0.31),
  runOf('second', 0.752, 0.35),
  runOf('third', 0.703, 0.33),
  runOf('fourth', 0.781, 0.32),
];

/** Returns the cells after a proxy's name in the table of correlations. */
function line(page: string, name: string): string {
  return new RegExp(`<tr><th scope="row">${name}</th>(.*?)</tr>`).exec(page)![1];
}

describe('proxies against accuracy', () => {
  it('draws each corpus once, with a table', () => {
    const page = renderComparison({ runs: RUNS });
    const [, told] = /aria-label="(MAUVE, c = 5[^"]*)"/.exec(page)!;
    expect(told).toContain('Largest MAUVE: second, synthetic, 0.350, at an accuracy of 0.752.');
    const table = /MAUVE<\/th><th scope="col" class="num">Deviation.*?<\/table>/s.exec(page)![0];
    // Four synthetic corpora, and the texts of the base model that they share.
    expect(table.match(/<tr>/g)).toHaveLength(5);
    expect(table).toContain('0.123');
  });

  it('shows the rank correlations of each proxy with accuracy over the synthetic corpora', () => {
    const page = renderComparison({ runs: RUNS });
    // By hand: accuracy has ranks 4 2 3 1, the proxy 4 1 2 3. Spearman is 1 - 6 * 6 / 60, Kendall (4 - 2) /
    // 6.
    expect(line(page, 'Self-BLEU')).toBe(
      '<td>closer to real</td><td class="num">4</td><td class="num">0.400</td><td class="num">0.333</td>',
    );
    expect(line(page, 'MAUVE, c = 5, automatic buckets')).toContain('0.400');
  });

  it('includes the loss on held-out text if it was measured', () => {
    const loss = (nats: number) => ({ nats, tokens: 9, records: 4 });
    const runs = RUNS.map((data, i) => ({
      ...data,
      proxies: undefined,
      scores: { ...data.scores!, heldOut: { tuned: loss(3 - i / 10), untuned: loss(3.1) } },
    }));
    const page = renderComparison({ runs });
    expect(line(page, 'Loss on held-out text, nats per token')).toContain('−0.800');
    expect(page).toContain('No run has both MAUVE and an accuracy to show.');
  });

  it('is not defined for fewer than three runs, nor if all are equal', () => {
    const two = renderComparison({ runs: RUNS.slice(0, 2) });
    expect(line(two, 'Self-BLEU')).toContain('needs at least 3 runs with both numbers');
    const tied = renderComparison({ runs: ['a', 'b', 'c'].map((run, i) => runOf(run, 0.6 + i / 10, 0.5)) });
    expect(line(tied, 'Self-BLEU')).toContain('all scores of one ranking are equal');
    for (const page of [two, tied]) expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('leaves out runs whose numbers are not comparable, and says so', () => {
    const base = RUNS[0].config;
    const other = runOf('other', 0.9, 0.9, { config: { ...base, corpus: { ...base.corpus, source: 'x' } } });
    const page = renderComparison({ runs: [...RUNS, other] });
    expect(page).toContain('not comparable (another corpus, split, model or other settings): 1.');
    expect(line(page, 'Self-BLEU')).toContain('>4<');
  });

  it('shows no MAUVE of a private test set in a release', () => {
    const base = RUNS[0].config;
    const config = { ...base, corpus: { ...base.corpus, testSetIsPublic: false } };
    const page = renderComparison({ runs: RUNS.map((data) => ({ ...data, config, version: 'release' })) });
    expect(page).not.toMatch(/MAUVE|0\.35/);
  });
});
