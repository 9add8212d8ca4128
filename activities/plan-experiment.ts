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

type Params = { config: ExperimentConfig; records: number; trainableParameters: number };

/**
 * Returns what a run would do to `records` training records with an adapter of d trainable parameters: the mechanism
 * with its noise calibrated, the length of one update's noise in clipping norms, and warnings.
 * Throws InvalidConfig (a batch above n, delta of 1/n or more) or NumericalFailure.
 */
export function planExperiment(params: Params): PlanOutput {
  return planWithSignal(params).plan;
}

/**
 * Returns the plan together with the judgement of its signal, which is null without DP. The noise is that on gradients:
 * sigma * sqrt(d) / expected batch, in units of the clipping norm, which bounds the mean of the clipped gradients.
 */
export function planWithSignal(params: Params): { plan: PlanOutput; signal: SignalAssessment | null } {
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
    plan: {
      mechanism: { ...mechanism },
      ...(selection === undefined ? {} : { selection: { ...selection } }),
      trainableParameters: steps === 0 ? 0 : trainableParameters,
      noiseToClippingRatio: signal?.noiseToClippingRatio ?? 0,
      warnings: [...asked, ...(signal === null ? [] : signalWarnings(signal)), ...labelWarnings(config)],
    },
    signal: mechanism.private ? signal : null,
  };
}

/** Warnings of a budget that differs from what was asked for, or that protects too little. */
function budgetWarnings(privacy: PrivacyConfig, mechanism: DpPlanData, target: number): string[] {
  const delta = deltaWarning(mechanism.delta, mechanism.records);
  return [
    ...calibrationWarnings({ target, asked: privacy.accountant, calibration: mechanism }),
    ...(delta === null ? [] : [delta]),
  ];
}

function signalWarnings({ verdict, noiseToClippingRatio, advice }: SignalAssessment): string[] {
  if (verdict === 'clear') return [];
  const effect = verdict === 'drowned' ? 'expect no gain over the base model' : 'expect a small gain';
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
