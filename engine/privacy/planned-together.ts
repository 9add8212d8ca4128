import { invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';
import type { MechanismPlan } from './mechanism-plan.ts';
import { type SelectionPlan, selectionPart } from './selection-plan.ts';

/**
 * Refuses a training and a selection that were not planned as one. Each of two plans may be sound and their loss together still be above what
 * both state: each has to account for the other, at the same n and delta.
 * @param training null: nothing is fine-tuned
 * @throws InvalidConfig
 */
export function assertPlannedTogether(training: MechanismPlan | null, selection: SelectionPlan): void {
  if (!areTogether(training, selection))
    throw invalidConfig(
      'The plans of training and selection do not account for each other; plan them as one.',
    );
}

function areTogether(training: MechanismPlan | null, selection: SelectionPlan): boolean {
  if (training === null) return !selection.private || selection.otherParts.length === 0;
  if (training.records !== selection.records) return false;
  if (!training.private || !selection.private) return training.private === selection.private;
  const { samplingRate, noiseMultiplier, steps, delta, accountant, otherParts } = training;
  return (
    delta === selection.delta &&
    accountant === selection.accountant &&
    sameParts(otherParts, [selectionPart(selection.noiseMultiplier)]) &&
    sameParts(selection.otherParts, [{ samplingRate, noiseMultiplier, steps }])
  );
}

function sameParts(a: readonly MechanismPart[], b: readonly MechanismPart[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (part, k) =>
        part.samplingRate === b[k].samplingRate &&
        part.noiseMultiplier === b[k].noiseMultiplier &&
        part.steps === b[k].steps,
    )
  );
}
