import { parseRecords } from '../../engine/data/records-file.ts';
import { spread } from '../../engine/data/spread.ts';
import {
  type MeasuredTexts,
  type TextStatistics,
  textStatistics,
} from '../../engine/report/figures/text-statistics.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { ActivityDeps } from '../activity-deps.ts';

/** Records of each corpus that are measured: enough for a figure, and read in a second. */
const RECORDS = 2000;

/** Returns the lengths and word pairs of the corpora of a run. The values of the real records are private. */
export async function measureTexts(params: {
  deps: Pick<ActivityDeps, 'store' | 'countTokens'>;
  model: string;
  synthetic: readonly LabelledText[];
  zeroShot: readonly LabelledText[];
  train: ArtifactRef;
}): Promise<TextStatistics> {
  const { deps, model, synthetic, zeroShot, train } = params;
  const measure = async (
    source: MeasuredTexts['source'],
    records: readonly LabelledText[],
  ): Promise<MeasuredTexts> => {
    const texts = spread(records, RECORDS).map(({ text }) => text);
    return { source, texts, tokens: await deps.countTokens({ model, texts }) };
  };
  const real = parseRecords(await deps.store.read(train), 'the training records');
  return textStatistics(await measure('synthetic', synthetic), [
    ...(zeroShot.length === 0 ? [] : [await measure('zero-shot', zeroShot)]),
    await measure('real', real),
  ]);
}
