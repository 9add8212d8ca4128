import { expect, test } from 'vitest';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import type { TextCounts } from '../../../schemas/text-counts.ts';
import { renderDatasetCard } from '../render-card.ts';
import { renderReport } from '../render-report.ts';
import { reportData } from '../report.fixture.ts';
import type { ReportData } from '../report-data.ts';
import { toRelease } from '../to-release.ts';

const synthetic: TextCounts = {
  asked: 1200,
  drawn: 1317,
  removed: { empty: 1, placeholder: 93, instruction: 17, duplicate: 6 },
  kept: 1193,
  ended: 835,
  shortened: 351,
};
const zeroShot: TextCounts = { ...synthetic, kept: 1200, ended: 300 };

function run(sampling: object = { filter: {}, endAtSentence: true }, epsilon: 8 | 'none' = 8): ReportData {
  return reportData({
    config: parseExperiment({
      corpus: { source: 'sms-spam', labels: ['ham', 'spam'], testSetIsPublic: true },
      template: {
        form: 'chat',
        instruction: 'Write {attribute}.',
        descriptions: { ham: 'x', spam: 'y' },
        attributes: { ham: ['a', 'b'] },
      },
      sampling,
      privacy: { epsilon },
    }),
    textCounts: { synthetic, zeroShot },
  });
}

test.each(['private', 'release'] as const)(
  'the %s report counts what rules removed and what ended itself',
  (version) => {
    const page = renderReport({ ...run(), version });
    expect(page).toContain('Texts written and kept');
    for (const cell of ['1,317', '93', '17', '1,193', '70%', '25%', '29%'])
      expect(page).toContain(`>${cell}<`);
    expect(page).toContain('cut, and ended at the last whole sentence');
  },
);

test('the card says how prompts vary, what was removed and how many records are missing', () => {
  const card = renderDatasetCard({ data: run(), dataFile: 'synthetic.parquet' });
  expect(card).toContain('instructions vary by attributes from public lists');
  expect(card).toContain(
    '70% of the texts were ended by the model itself; the others were cut and ended at their last',
  );
  expect(card).toContain('93 with places that were not filled in');
  expect(card).toContain('7 of 1,200 records are missing');
});

test('with a selection, the counts are those of the pool that it chose from', () => {
  const label = { label: 'ham', pool: 1193, agreed: 0.5, kept: 400 };
  const data = { ...run(), selection: { labelling: 'agree' as const, labels: [label] } };
  expect(renderReport(data)).toContain('<th scope="col" class="num">Pool</th>');
  const card = renderDatasetCard({ data, dataFile: 'synthetic.parquet' });
  expect(card).toContain('7 of 1,200 texts to choose from are missing');
  expect(card).toMatch(/^3\. Texts that public rules removed.*\n4\. A classifier/m);
});

test('a run without these settings says nothing of rules, and one that did not count nothing at all', () => {
  const plain = renderReport(run({}));
  expect(plain).not.toContain('removed:');
  expect(plain).not.toContain('last whole sentence');
  expect(renderDatasetCard({ data: run({}), dataFile: 'x' })).not.toContain('public rules');
  expect(renderReport(reportData())).not.toContain('Texts written and kept');
});

test('counts of a run without privacy are not released', () => {
  expect(toRelease(run()).textCounts).toEqual({ synthetic, zeroShot });
  expect(toRelease(run(undefined, 'none')).textCounts).toBeUndefined();
  const page = renderReport({ ...run(undefined, 'none'), version: 'release' });
  expect(page).not.toContain('1,317');
  expect(renderReport({ ...run(undefined, 'none'), version: 'private' })).toContain('1,317');
});
