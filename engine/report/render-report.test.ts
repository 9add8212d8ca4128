import { describe, expect, it } from 'vitest';
import { renderReport } from './render-report.ts';
import { difference, directRow, reportData, scoreRow, scores } from './report.fixture.ts';

const HOSTILE = '<script>alert("x")</script> & \'quoted\' \u0007 مرحبا 😀';
const ESCAPED = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;quoted&#39; \uFFFD مرحبا 😀';

describe('renderReport', () => {
  it('returns one page that loads and runs nothing', () => {
    const page = renderReport(reportData());
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/<script|<iframe|<object|@import|url\(|\son\w+=/i);
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toSatisfy(
      (targets: string[]) => targets.every((target) => target.startsWith('#') || target === 'data:,'),
    );
  });

  it('escapes every text that comes from data', () => {
    const base = reportData();
    const all = scores();
    const page = renderReport(
      reportData({
        run: HOSTILE,
        createdAt: HOSTILE,
        codeVersion: HOSTILE,
        config: {
          ...base.config,
          name: HOSTILE,
          model: HOSTILE,
          corpus: { ...base.config.corpus, source: HOSTILE, labels: [HOSTILE, 'ham'] },
        },
        statement: { line: HOSTILE, long: HOSTILE, facts: [[HOSTILE, HOSTILE]] },
        plan: { ...base.plan, warnings: [HOSTILE] },
        scores: {
          ...all,
          labels: [HOSTILE, 'ham'],
          rows: all.rows
            .filter((row) => row.source !== 'real')
            .map((row) => ({ ...row, perClass: [{ ...row.perClass[0], label: HOSTILE }] })),
          missing: [{ source: 'real', why: HOSTILE }],
        },
        samples: {
          synthetic: [{ label: HOSTILE, text: HOSTILE }],
          zeroShot: [{ label: HOSTILE, text: HOSTILE }],
        },
        stages: [{ stage: HOSTILE, seconds: 1, readsPrivate: true }],
        lineage: [{ ...base.lineage[0], name: HOSTILE, ref: { ...base.lineage[0].ref, uri: HOSTILE } }],
      }),
    );
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toContain('\u0007');
    expect(page.split(ESCAPED).length - 1).toBeGreaterThanOrEqual(20);
  });

  it('shows each row with mean, deviation and interval, and a missing row with its reason', () => {
    const all = scores();
    const page = renderReport(
      reportData({
        scores: {
          ...all,
          rows: all.rows.filter((row) => row.source !== 'real'),
          missing: [{ source: 'real', why: 'the classifier ran out of memory' }],
        },
      }),
    );
    expect(page).toContain('0.724 ± 0.012');
    expect(page).toContain('0.694 to 0.754');
    expect(page).toContain('missing: the classifier ran out of memory');
  });

  it.each([
    [-0.07, 'clearly worse', 'clearly worse than training directly', '−0.070<small>−0.090 to −0.050'],
    [
      0.01,
      'no significant difference',
      'The difference from training directly',
      '+0.010<small>−0.010 to +0.030',
    ],
    [0.04, 'clearly better', 'clearly better than training directly', '+0.040<small>+0.020 to +0.060'],
  ])('sets the synthetic row against DP on the real records: %s is %s', (mean, verdict, headline, cell) => {
    const all = scores();
    const rows = [...all.rows, directRow(0.724 - mean)];
    const differences = [difference('zero-shot', 0.114), difference('real-dp', mean)];
    const data = reportData({ scores: { ...all, rows, differences } });
    const page = renderReport(data);
    expect(page).toContain(headline);
    expect(page).toContain(`>${verdict}</td>`);
    expect(page).toContain(cell);
    expect(page).toMatch(/ε of one classifier<\/dt><dd>(8|7\.9)/);
    expect(page).toContain('ε of all seeds (3)');
    // A release shows neither the row nor anything computed from it, and says that such baselines exist.
    const released = renderReport({ ...data, version: 'release' });
    expect(released).toContain('+0.114<small>+0.094 to +0.134');
    for (const mark of [headline, cell, 'ε of one classifier', (0.724 - mean).toFixed(3)])
      expect(released).not.toContain(mark);
    expect(released).toMatch(/Real, DP.*missing: computed from the private training records outside/s);
  });

  it('says "not defined" if a metric is null, and never shows NaN', () => {
    const all = scores();
    const page = renderReport(
      reportData({
        scores: {
          ...all,
          rows: [scoreRow('synthetic', null), scoreRow('real', Number.NaN)],
          differences: [difference('real', null)],
        },
        trainingCurve: [{ step: 1, loss: null, clippedFraction: null }],
        stages: [{ stage: 'x', seconds: Number.NaN, readsPrivate: false }],
      }),
    );
    expect(page).toContain('not defined');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('gives every chart a text alternative with its numbers, and a table', () => {
    const page = renderReport(reportData());
    const figures = [...page.matchAll(/<figure class="chart">.*?<\/figure>/gs)].map(([whole]) => whole);
    expect(figures).toHaveLength(7);
    for (const one of figures) {
      const title = /<h3>(.*?)<\/h3>/.exec(one)?.[1];
      const told = [...one.matchAll(/<svg [^>]*?role="img" aria-label="([^"]+)"/g)].map(([, text]) => text);
      expect(told).toHaveLength(2);
      for (const text of told) expect(text.startsWith(`${title}. `)).toBe(true);
      expect(one).toMatch(
        /<details><summary>The numbers<\/summary>.*<table class="numbers">.*<td class="num">/s,
      );
    }
    expect(figures[0]).toMatch(/aria-label="[^"]*Synthetic, ε\u00a0=\u00a08 0\.724 \(0\.694 to 0\.754\)/);
  });

  it('escapes the words of a text in a chart', () => {
    const hostile = '</text></svg><script>alert(1)</script>" onload="x \u0007';
    const { texts } = reportData();
    const page = renderReport(
      reportData({ texts: { ...texts!, wordPairs: [hostile, '& <b>', ...texts!.wordPairs.slice(2)] } }),
    );
    expect(page).not.toMatch(/<script|<b>| onload="/);
    expect(page).not.toContain('\u0007');
    expect(page).toContain('&lt;/text&gt;');
  });

  it('says that a run without epsilon has no privacy', () => {
    const base = reportData();
    const page = renderReport(
      reportData({ config: { ...base.config, privacy: { ...base.config.privacy, epsilon: 'none' } } }),
    );
    expect(page).toContain('not differentially private');
    expect(page).toContain('Synthetic, no privacy');
    expect(page).toContain('may repeat private records');
  });
});
