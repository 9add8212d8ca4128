import { describe, expect, it } from 'vitest';
import { proxies } from '../proxies.fixture.ts';
import { reportData, scoreRow, scores } from '../report.fixture.ts';
import type { ReportData } from '../report-data.ts';
import { renderComparison } from './render-comparison.ts';

/** A run whose every proxy is `proxy`. */
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

/** What stands behind a proxy's name in the table of correlations. */
function line(page: string, name: string): string {
  return new RegExp(`<tr><th scope="row">${name}</th>(.*?)</tr>`).exec(page)![1];
}

describe('proxies against accuracy', () => {
  it('draws each corpus once, with a table beside it', () => {
    const page = renderComparison({ runs: RUNS });
    const [, told] = /aria-label="(MAUVE, c = 5[^"]*)"/.exec(page)!;
    expect(told).toContain('Largest MAUVE: second, synthetic, 0.350, at an accuracy of 0.752.');
    const table = /MAUVE<\/th><th scope="col" class="num">Deviation.*?<\/table>/s.exec(page)![0];
    // Four synthetic corpora, and the texts of the un-tuned model that they share.
    expect(table.match(/<tr>/g)).toHaveLength(5);
    expect(table).toContain('0.123');
  });

  it('gives the rank correlations of each proxy with accuracy over the synthetic corpora', () => {
    const page = renderComparison({ runs: RUNS });
    // By hand: ranks 4 2 3 1 of accuracy and 4 1 2 3 of the proxy: 1 - 6 * 6 / 60, and 4 less 2 of 6 pairs.
    expect(line(page, 'Self-BLEU')).toBe(
      '<td>near real</td><td class="num">4</td><td class="num">0.400</td><td class="num">0.333</td>',
    );
    expect(line(page, 'MAUVE, c = 5, automatic buckets')).toContain('0.400');
  });

  it('takes the loss of held-out text where it was measured', () => {
    const loss = (nats: number) => ({ nats, tokens: 9, records: 4 });
    const runs = RUNS.map((data, i) => ({
      ...data,
      proxies: undefined,
      scores: { ...data.scores!, heldOut: { tuned: loss(3 - i / 10), untuned: loss(3.1) } },
    }));
    const page = renderComparison({ runs });
    expect(line(page, 'Loss of held-out text, nats a token')).toContain('−0.800');
    expect(page).toContain('No run has both MAUVE and an accuracy to show.');
  });

  it('is not defined for fewer than three runs, nor where all are equal', () => {
    const two = renderComparison({ runs: RUNS.slice(0, 2) });
    expect(line(two, 'Self-BLEU')).toContain('it needs 3 runs with both numbers');
    const tied = renderComparison({ runs: ['a', 'b', 'c'].map((run, i) => runOf(run, 0.6 + i / 10, 0.5)) });
    expect(line(tied, 'Self-BLEU')).toContain('all scores of one ranking are equal');
    for (const page of [two, tied]) expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('leaves out runs whose numbers are not comparable, and says so', () => {
    const base = RUNS[0].config;
    const other = runOf('other', 0.9, 0.9, { config: { ...base, corpus: { ...base.corpus, source: 'x' } } });
    const page = renderComparison({ runs: [...RUNS, other] });
    expect(page).toContain('1 more with proxies of another corpus');
    expect(line(page, 'Self-BLEU')).toContain('>4<');
  });

  it('shows no MAUVE of a private test set in a release', () => {
    const base = RUNS[0].config;
    const config = { ...base, corpus: { ...base.corpus, testSetIsPublic: false } };
    const page = renderComparison({ runs: RUNS.map((data) => ({ ...data, config, version: 'release' })) });
    expect(page).not.toMatch(/MAUVE|0\.35/);
  });
});
