import { labelsWithoutText } from '../engine/data/label-plan.ts';
import { calibrationWarnings } from '../engine/privacy/calibration.ts';
import { deltaWarning } from '../engine/privacy/delta.ts';
import { gradientNoiseMultiplier } from '../engine/privacy/mechanism-plan.ts';
import { assessSignal, type SignalAssessment } from '../engine/privacy/signal.ts';
import type { PlanOutput } from '../schemas/activities.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import { listNames } from '../schemas/list-names.ts';
import type { DpPlanData } from '../schemas/privacy.ts';
import type { PrivacyConfig } from '../schemas/settings/privacy.ts';
import { planPrivacy } from './plan-privacy.ts';

/**
 * What a run would do to `records` training records with an adapter of d trainable parameters: the mechanism with its
 * noise calibrated, and the signal, sigma * sqrt(d) / expected batch: the length of one update's noise in units of the
 * clipping norm, which is the longest that the mean of the clipped gradients can be.
 * Throws InvalidConfig (a batch above n, delta of 1/n or more) or NumericalFailure.
 */
export function planExperiment(params: {
  config: ExperimentConfig;
  records: number;
  trainableParameters: number;
}): PlanOutput {
  const { config, records, trainableParameters } = params;
  const { privacy, training } = config;
  const { expectedBatchSize, steps } = training;
  const { mechanism, selection } = planPrivacy(config, records);
  const noiseMultiplier = gradientNoiseMultiplier(mechanism);
  const asked =
    privacy.epsilon === 'none' || !mechanism.private
      ? []
      : budgetWarnings(privacy, mechanism, privacy.epsilon);
  // Without fine-tuning there is no update whose signal could drown.
  const signal =
    steps === 0
      ? null
      : assessSignal({ noiseMultiplier, dimensions: trainableParameters, expectedBatchSize, steps });
  return {
    mechanism: { ...mechanism },
    ...(selection === undefined ? {} : { selection: { ...selection } }),
    trainableParameters: steps === 0 ? 0 : trainableParameters,
    noiseToClippingRatio: signal?.noiseToClippingRatio ?? 0,
    warnings: [...asked, ...(signal === null ? [] : signalWarnings(signal)), ...labelWarnings(config)],
  };
}

/** What the plan's budget has that was not asked for, or should not have been. */
function budgetWarnings(privacy: PrivacyConfig, mechanism: DpPlanData, target: number): string[] {
  const delta = deltaWarning(mechanism.delta, mechanism.records);
  return [
    ...calibrationWarnings({ target, asked: privacy.accountant, calibration: mechanism }),
    ...(delta === null ? [] : [delta]),
  ];
}

function signalWarnings({ verdict, noiseToClippingRatio, advice }: SignalAssessment): string[] {
  if (verdict === 'clear') return [];
  const effect = verdict === 'drowned' ? 'expect no gain over the un-tuned model' : 'expect a small gain';
  return [
    `The noise of one update is ${noiseToClippingRatio.toPrecision(2)} times the clipping norm: ${effect}. What helps: ${advice.join('; ')}.`,
  ];
}

function labelWarnings({ corpus: { labels }, sampling }: ExperimentConfig): string[] {
  const without = labelsWithoutText({ labels, sampling });
  if (without.length === 0) return [];
  return [
    `${without.length} of ${labels.length} labels get no synthetic text, since sampling.records is ${sampling.records}: ${listNames(without)}. Raise it, or name fewer labels.`,
  ];
}
