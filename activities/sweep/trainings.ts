import { epsilonOf } from '../../engine/privacy/accountant.ts';
import { planOutput } from '../../schemas/activities.ts';
import { DpsynthError } from '../../schemas/errors.ts';
import { trainedSchema } from '../../schemas/jobs.ts';
import { groupParts } from '../../schemas/ledger-state.ts';
import type { DpPlanData, MechanismPart, MechanismPlanData } from '../../schemas/privacy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { keptResult } from '../step.ts';

/** A training of a run of a sweep: its mechanism, what it released, and whether an earlier run had made it. */
export type SweepTraining = { mechanism: MechanismPlanData; release: string; isCached: boolean };

/**
 * The trainings of these runs. A run that planned its noise counts as trained also if it failed later: in doubt something
 * was seen.
 */
export async function trainingsOf(params: {
  store: ArtifactStore;
  runs: readonly string[];
}): Promise<SweepTraining[]> {
  const { store, runs } = params;
  const trainings = await Promise.all(runs.map((run) => trainingOf(store, run)));
  return trainings.filter((training) => training !== null);
}

async function trainingOf(store: ArtifactStore, run: string): Promise<SweepTraining | null> {
  const plan = await keptResult({ store, run, name: 'plan', output: planOutput });
  if (plan === undefined) return null;
  const trained = await keptResult({ store, run, name: 'finetune', output: trainedSchema });
  return {
    mechanism: plan.mechanism,
    release: trained?.release ?? run,
    isCached: trained?.cachedFrom !== undefined,
  };
}

/** Each release once: runs that share one add nothing. */
export function distinctReleases(trainings: readonly SweepTraining[]): DpPlanData[] {
  const plans = new Map<string, DpPlanData>();
  for (const { release, mechanism } of trainings) if (mechanism.private) plans.set(release, mechanism);
  return [...plans.values()];
}

/**
 * What these mechanisms cost together, over the same records: their PLDs composed at the smallest of their deltas. If the
 * accountant refuses to answer: the sum of their epsilons, at the sum of their deltas. null for none.
 */
export function composedCost(plans: readonly DpPlanData[]): { epsilon: number; delta: number } | null {
  if (plans.length === 0) return null;
  const delta = Math.min(...plans.map((plan) => plan.delta));
  try {
    return { epsilon: epsilonOf({ parts: groupParts(plans.flatMap(partsOf)), delta }), delta };
  } catch (error) {
    if (!(error instanceof DpsynthError)) throw error;
    return { epsilon: sum(plans.map(({ epsilon }) => epsilon)), delta: sum(plans.map((plan) => plan.delta)) };
  }
}

function partsOf({ samplingRate, noiseMultiplier, steps, otherParts }: DpPlanData): MechanismPart[] {
  return [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
