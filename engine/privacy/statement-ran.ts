import { isDeepStrictEqual } from 'node:util';
import { invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPlanData } from '../../schemas/privacy.ts';
import type { DpSelectionPlanData, SelectionPlanData } from '../../schemas/selection-plan.ts';
import type { Precision } from '../../schemas/settings/training.ts';
import { reopenSelectionPlan, selectionPart } from './selection-plan.ts';

/** What ran, beside what was planned: the statement names all of it. */
export type Ran = {
  /** Version of the code that trained. */
  codeVersion: string;
  /** SHA-256 of the released adapter, in hexadecimal; null without privacy: that of a private adapter may not leave either. */
  adapterDigest: string | null;
  /** Steps that were taken and charged: those of the plan, or there is no statement. null: nothing was fine-tuned. */
  stepsDone: number | null;
  /** Of products with frozen matrices in fine-tuning; null for an adapter of a version that had one precision. */
  precision: Precision | null;
  /** Random generator of draws and noise, such as {@link GENERATOR}. */
  generator: string;
  /** Implementation that computed epsilon, and the independent one that checked it. */
  accountant: { readonly name: string; readonly check: string };
  /** null: no ledger holds a limit over runs. */
  ledger: null | {
    id: string;
    limits: { readonly epsilon: number; readonly delta: number };
    /** Composed epsilon of everything charged, this run included, at `delta`. */
    chargedAfter: number;
    delta: number;
  };
  /** null: this training was not chosen among several. */
  chosenFrom: null | {
    sweep: string;
    /** How many trainings over the same records it was chosen among, this one included. */
    trainings: number;
    /** Composed epsilon of all of them, at `delta`. */
    epsilon: number;
    delta: number;
    /** Runs of the sweep that have no guarantee at all. */
    withoutPrivacy: number;
  };
  /** The statistics that decided which texts are released; null if all sampled texts are. */
  selection: SelectionPlanData | null;
  /** The run whose training this release takes over; null: it trained for itself. */
  cachedFrom: string | null;
};

/** How run-key.ts and keystream.ts make draws and noise. */
export const GENERATOR =
  'AES-256-CTR under keys derived by HKDF-SHA256 from a 256-bit key of the operating system, destroyed at release';

/** @throws InvalidConfig where what ran is not what was planned, or contradicts itself: there is no statement of it */
export function assertRan(ran: Ran, plan: MechanismPlanData): void {
  const { stepsDone, adapterDigest, selection, chosenFrom, ledger, cachedFrom } = ran;
  assertSelected(selection, { plan, stepsDone });
  if (stepsDone !== null && stepsDone !== plan.steps)
    refuse(`${stepsDone} steps were taken, but the plan accounts for ${plan.steps}; train to the end`);
  const isReleased = plan.private && stepsDone !== null;
  if (isReleased !== /^[0-9a-f]{64}$/.test(adapterDigest ?? ''))
    refuse('a released adapter has a SHA-256 digest, and one that is not released has none');
  for (const [name, value] of Object.entries({
    codeVersion: ran.codeVersion,
    generator: ran.generator,
    accountant: ran.accountant.name,
    'check of the accountant': ran.accountant.check,
  }))
    if (value.trim() === '') refuse(`${name} is empty`);
  if (cachedFrom?.trim() === '') refuse('the run that this release was taken from has no name');
  if (!plan.private) return;
  if (chosenFrom !== null) assertChosen(chosenFrom, plan);
  if (ledger !== null) assertCharged(ledger, plan);
}

/** The plan of fine-tuning, or that of the selection in its place, and the selection must account for each other. */
function assertSelected(
  selection: SelectionPlanData | null,
  { plan, stepsDone }: { plan: MechanismPlanData; stepsDone: number | null },
): void {
  if (selection === null) {
    if (stepsDone === null) refuse('nothing was fine-tuned or selected');
    return;
  }
  if (selection.private !== plan.private) refuse('only one of fine-tuning and selection has noise');
  if (!selection.private || !plan.private) return;
  const { noiseMultiplier, otherParts } = reopenSelectionPlan(selection) as DpSelectionPlanData;
  const own = selectionPart(noiseMultiplier);
  const { samplingRate, steps } = plan;
  const training = { samplingRate, noiseMultiplier: plan.noiseMultiplier, steps };
  const isComplete =
    stepsDone === null
      ? isDeepStrictEqual(training, own) && otherParts.length === 0
      : isDeepStrictEqual(plan.otherParts, [own]) && isDeepStrictEqual(otherParts, [training]);
  if (!isComplete) refuse('the plans of fine-tuning and of the selection do not account for each other');
}

function assertChosen(
  { trainings, epsilon, delta }: NonNullable<Ran['chosenFrom']>,
  plan: MechanismPlanData & { private: true },
): void {
  if (!Number.isSafeInteger(trainings) || trainings < 1)
    refuse('the number of trainings chosen among is not a positive whole number');
  assertComposed('the trainings chosen among', { epsilon, delta }, plan);
}

function assertCharged(
  { id, limits, chargedAfter, delta }: NonNullable<Ran['ledger']>,
  plan: MechanismPlanData & { private: true },
): void {
  assertComposed(`ledger ${id}`, { epsilon: chargedAfter, delta }, plan);
  if (limits.delta !== delta) refuse(`ledger ${id}: epsilon is at another delta than its limit`);
}

const ROUNDING = 1e-3;

/** All of several trainings cost at least what one of them does, at the same or a smaller delta. */
function assertComposed(
  what: string,
  { epsilon, delta }: { epsilon: number; delta: number },
  plan: MechanismPlanData & { private: true },
): void {
  if (!(Number.isFinite(epsilon) && epsilon >= 0 && delta > 0 && delta < 1))
    refuse(`${what}: epsilon or delta is not a number in range`);
  if (delta <= plan.delta && epsilon < plan.epsilon * (1 - ROUNDING))
    refuse(`${what}: the composed epsilon is below that of this run alone`);
}

function refuse(why: string): never {
  throw invalidConfig(`privacy statement: ${why}.`);
}
