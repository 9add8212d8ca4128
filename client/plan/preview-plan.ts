import { planWithSignal } from '../../activities/plan-experiment.ts';
import { prepareCorpus } from '../../engine/data/prepare-corpus.ts';
import { type CorpusSurvey, surveyWarnings } from '../../engine/data/survey-corpus.ts';
import type { EncoderConfig } from '../../engine/encoder/encoder-config.ts';
import { openEncoder } from '../../engine/encoder/open-encoder.ts';
import { trainableParameters as countTrainable } from '../../engine/language-model/count-parameters.ts';
import { openCheckpoint } from '../../engine/language-model/load-model.ts';
import type { SignalAssessment } from '../../engine/privacy/signal.ts';
import type { PlanOutput } from '../../schemas/activities.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import { ownModel } from '../../schemas/settings/classifier.ts';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { readTestSource } from '../../storage/assets/read-test-source.ts';
import { directBaselineWarning } from './direct-baseline.ts';
import { classifierSeconds } from './estimate-classifiers.ts';
import { type CostEstimate, estimateCost } from './estimate-cost.ts';

export type PlanPreview = PlanOutput & {
  testRecords: number;
  /** null without DP: there is no noise. */
  signal: SignalAssessment | null;
  cost: CostEstimate;
  /** The experiment with every default filled in: what would run. */
  config: ExperimentConfig;
};

/**
 * Returns what a run of this experiment would do, from the bytes of its corpus and the header of its model.
 * Starts and writes nothing. Throws InvalidConfig, InvalidData or AssetUnavailable, as the run would.
 */
export async function previewPlan(params: {
  config: ExperimentConfig;
  bytes: Uint8Array;
  survey: CorpusSurvey;
}): Promise<PlanPreview> {
  const { config, bytes, survey } = params;
  const { corpus, seed, training } = config;
  const { train, test } = prepareCorpus({ bytes, testBytes: await readTestSource(corpus), corpus, seed });
  const { config: model } = await openCheckpoint((await locateAsset({ asset: config.model })).path);
  const trainableParameters = countTrainable(model, training.adapter);
  const { plan, signal } = planWithSignal({ config, records: train.length, trainableParameters });
  const direct = directBaselineWarning({ config, records: train.length });
  return {
    ...plan,
    warnings: [...surveyWarnings(survey), ...plan.warnings, ...(direct === null ? [] : [direct])],
    testRecords: test.length,
    signal,
    cost: estimateCost({
      config,
      model,
      records: train.length,
      classifierSeconds: classifierSeconds({
        config,
        encoder: await encoderShape(config),
        records: train.length,
        testRecords: test.length,
      }),
    }),
    config,
  };
}

/** The shape of the classifier's own model; null for a classifier without one. */
async function encoderShape({ classifier }: ExperimentConfig): Promise<EncoderConfig | null> {
  const own = ownModel(classifier);
  if (own === null) return null;
  const { folder } = await locateAsset({ asset: own });
  return (await openEncoder(folder)).config;
}
