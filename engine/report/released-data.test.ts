import { expect, test } from 'vitest';
import { reportData } from './report.fixture.ts';
import { toRelease } from './to-release.ts';

// A section may leave out part of its data, so this test looks at the data themselves.
test.each([true, false])(
  'the data of a release holds no number of the training, no private stage and no private artifact (public test set: %s)',
  (testSetIsPublic) => {
    const { config } = reportData();
    const data = reportData({ config: { ...config, corpus: { ...config.corpus, testSetIsPublic } } });
    const released = toRelease(data);
    expect(released.version).toBe('release');
    expect(released.trainingCurve).toEqual([]);
    expect(released.stages.map(({ readsPrivate }) => readsPrivate)).toEqual([false]);
    expect(released.lineage.map(({ area }) => area)).toEqual(['release']);
    const text = JSON.stringify(released);
    for (const mark of ['2.78123', '2.49456', '277.7', 'train.jsonl', '0.955', 'Will you see me'])
      expect(text).not.toContain(mark);
    expect(text.includes('0.724')).toBe(testSetIsPublic);
  },
);
