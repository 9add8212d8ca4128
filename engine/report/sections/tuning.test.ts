import { expect, test } from 'vitest';
import { renderReport } from '../render-report.ts';
import { reportData } from '../report.fixture.ts';
import { search, tuning } from '../tuning.fixture.ts';
import { tuningSection } from './tuning.ts';

const section = (given = tuning()) => tuningSection(reportData({ tuning: given }))?.body.markup ?? '';

test('says what is chosen and what it costs, with a scatter plot, its table and the agreement of both rankings', () => {
  const body = section();
  expect(body).toContain(
    'Chosen on synthetic texts: learningRate 0.03, updates 240, with 0.874 on the 110 held-out texts; trained on real records it scores 0.903; the best on real records is learningRate 0.01, updates 240, with 0.917.',
  );
  expect(body).toContain('The result table uses the settings of the experiment.');
  expect(body.match(/<svg [^>]*role="img"/g)).toHaveLength(2);
  expect(body).toContain('Not drawn because they diverged: 1.');
  // Eleven dots, the chosen one and the best one, in each of two widths.
  expect(body.match(/<circle/g)).toHaveLength(22);
  expect(body).toContain('<td class="num">diverged</td><td class="num">0.641</td><td class="num">0.634</td>');
  expect(body).toMatch(
    /Regret<small>[^<]*<\/small><\/th><td class="num">0\.014<\/td><td class="num">0\.014</,
  );
});

test('if two settings tie, no correlation is defined and the page says why', () => {
  const settings = [{ widths: [3] }, { widths: [3, 4, 5] }];
  const body = section(
    tuning([
      search('synthetic', [0.5, 0.5], settings),
      search('real', [0.7, 0.8], settings),
      search('real-again', [0.8, 0.7], settings),
    ]),
  );
  expect(body).toContain('not defined: all scores of one ranking are equal');
  expect(body).toContain('Fewer than 10 settings can easily agree by chance.');
  expect(body).toContain('widths [3,4,5]');
  expect(body).not.toMatch(/NaN|Infinity|undefined/);
});

test('a failed search is missing with its reason, and the others are shown', () => {
  const body = section(tuning([search('synthetic', [0.5, 0.6])]));
  expect(body).toContain('learningRate 0.003, updates 60, with 0.600 on the 110 held-out texts.');
  expect(body).toContain('Search on real, missing: InvalidData: too few texts');
  expect(body).not.toContain('<svg');
  expect(section(tuning([search('real', [0.5, 0.6])]))).toContain('Search on synthetic, missing');
});

test('if everything diverged, there is no choice and no chart, only words', () => {
  const body = section(tuning([search('synthetic', [null, null]), search('real', [0.5, 0.6])]));
  expect(body).toContain('Every setting diverged on synthetic texts');
  expect(body).toContain('not defined: every setting of one search diverged');
  expect(body).not.toContain('<svg');
});

test('settings are text from a configuration and are escaped', () => {
  const hostile = [{ embedding: '<script>' }, { embedding: 'random' }];
  const body = section(
    tuning([search('synthetic', [0.5, 0.6], hostile), search('real', [0.5, 0.6], hostile)]),
  );
  expect(body).not.toContain('<script>');
});

test.each([true, false])(
  'the release has only the search on synthetic texts (public test set: %s)',
  (testSetIsPublic) => {
    const base = reportData({ version: 'release', tuning: tuning() });
    const config = { ...base.config, corpus: { ...base.config.corpus, testSetIsPublic } };
    const page = renderReport({ ...base, config });
    expect(page).toContain('Chosen on synthetic texts: learningRate 0.03, updates 240, with 0.874');
    for (const mark of ['0.903', '0.917', '0.913', '0.641', '0.014', 'Agreement'])
      expect(page).not.toContain(mark);
    expect(page).toContain('Search on real, missing: computed from the private training records');
    const privacy = { ...config.privacy, epsilon: 'none' as const };
    expect(renderReport({ ...base, config: { ...config, privacy } })).not.toContain('0.874');
  },
);

test('a run without a search has no such section', () => {
  expect(tuningSection(reportData({ tuning: undefined }))).toBeNull();
});
