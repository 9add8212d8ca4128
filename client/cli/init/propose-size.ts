import { prepareCorpus } from '../../../engine/data/prepare-corpus.ts';
import { openCheckpoint } from '../../../engine/language-model/load-model.ts';
import type { ExperimentInput } from '../../../schemas/experiment.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { classifierSeconds } from '../../plan/estimate-classifiers.ts';
import { estimateCost } from '../../plan/estimate-cost.ts';
import { type Draft, draftConfig, type WorkSize } from './draft-config.ts';
import { fitToTime } from './fit-to-time.ts';

/** A placeholder: only the corpus and the model of a draft with this size are used. */
const ANY_SIZE: WorkSize = { expectedBatchSize: 1, steps: 1, records: 1, seeds: 1 };

/**
 * Returns the draft at the size of a run that takes `minutes` on two CPU cores. Throws InvalidData if the
 * corpus cannot be used, AssetUnavailable if the model was not fetched.
 */
export async function proposeSize(params: {
  draft: Draft;
  bytes: Uint8Array;
  minutes: number;
}): Promise<ExperimentInput> {
  const { draft, bytes, minutes } = params;
  const { corpus, seed, model: asset } = parseExperiment(draftConfig(draft, ANY_SIZE));
  const { train, test } = prepareCorpus({ bytes, corpus, seed });
  const { config: model } = await openCheckpoint((await locateAsset({ asset })).path);
  const minutesOf = (size: WorkSize) => {
    const config = parseExperiment(draftConfig(draft, size));
    const seconds = classifierSeconds({
      config,
      encoder: null,
      records: train.length,
      testRecords: test.length,
    });
    return estimateCost({ config, model, records: train.length, classifierSeconds: seconds }).minutes;
  };
  const size = fitToTime({ minutes, records: train.length, labels: draft.labels.length, minutesOf });
  return { ...draftConfig(draft, size), model: asset };
}
