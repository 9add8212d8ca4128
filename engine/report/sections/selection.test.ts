import { expect, it } from 'vitest';
import type { SelectionSummary } from '../../../schemas/selection.ts';
import { renderReport } from '../render-report.ts';
import { reportData } from '../report.fixture.ts';
import { toRelease } from '../to-release.ts';

const selection: SelectionSummary = {
  labelling: 'agree',
  labels: [
    { label: 'ham', pool: 200, agreed: 0.93, kept: 100 },
    { label: 'spam', pool: 180, agreed: 0.25, kept: 45 },
  ],
};

it('shows by label how many sampled texts the teacher confirmed, and warns of a label that it seldom confirms', () => {
  const page = renderReport({ ...reportData(), selection });
  expect(page).toContain('Selection by the DP teacher');
  expect(page).toMatch(/<bdi>ham<\/bdi><\/th><td>200<\/td><td>93%<\/td><td>100<\/td>/);
  expect(page).toMatch(/fewer than half of the texts of spam/);
  expect(renderReport(reportData())).not.toContain('Selection by the DP teacher');
});

it('is released, since the teacher has DP; of a run without privacy it stays inside', () => {
  const data = { ...reportData(), selection };
  expect(toRelease(data).selection).toEqual(selection);
  const open = { ...data.config, privacy: { ...data.config.privacy, epsilon: 'none' as const } };
  expect(toRelease({ ...data, config: open }).selection).toBeUndefined();
});
