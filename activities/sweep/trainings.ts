import { epsilonOf } from '../../engine/privacy/accountant.ts';
import { selectionPart } from '../../engine/privacy/selection-plan.ts';
import { planOutput } from '../../schemas/activities.ts';
import { DpsynthError } from '../../schemas/errors.ts';
import { chosenTextsSchema, type Selected, type Trained, trainedSchema } from '../../schemas/jobs.ts';
import { groupParts } from '../../schemas/ledger-state.ts';
import type { DpPlanData, MechanismPart, MechanismPlanData } from '../../schemas/privacy.ts';
import type { SelectionPlanData } from '../../schemas/selection-plan.ts';
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
  const trainings = await Promise.all(runs.map((run) => trainingsOfRun(store, run)));
  return trainings.flat();
}

/** A run with a selection beside its fine-tuning has two releases: another run may have taken one of them from the cache. */
async function trainingsOfRun(store: ArtifactStore, run: string): Promise<SweepTraining[]> {
  const plan = await keptResult({ store, run, name: 'plan', output: planOutput });
  if (plan === undefined) return [];
  const { mechanism, selection } = plan;
  const trained = await keptResult({ store, run, name: 'finetune', output: trainedSchema });
  const training = (of: { mechanism: MechanismPlanData; made?: Trained | Selected; name: string }) => ({
    mechanism: of.mechanism,
    release: of.made?.release ?? of.name,
    isCached: of.made?.cachedFrom !== undefined,
  });
  if (selection === undefined) return [training({ mechanism, made: trained, name: run })];
  const selected = await keptResult({ store, run, name: 'select', output: chosenTextsSchema });
  const ofSelection = training({
    mechanism: asPart(mechanism, selection),
    made: selected,
    name: `${run} select`,
  });
  const trains = !selection.private || selection.otherParts.length > 0;
  if (!trains) return [ofSelection];
  const alone = mechanism.private ? { ...mechanism, otherParts: [] } : mechanism;
  return [training({ mechanism: alone, made: trained, name: run }), ofSelection];
}

/** The selection's own Gaussian mechanism, with the delta of the plan. */
function asPart(mechanism: MechanismPlanData, { noiseMultiplier }: SelectionPlanData): MechanismPlanData {
  if (!mechanism.private) return mechanism;
  return { ...mechanism, ...selectionPart(noiseMultiplier), otherParts: [] };
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
