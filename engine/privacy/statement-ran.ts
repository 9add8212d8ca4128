import { isDeepStrictEqual } from 'node:util';
import { invalidConfig } from '../../schemas/errors.ts';
import type { MechanismPlanData } from '../../schemas/privacy.ts';
import type { SelectionPlanData } from '../../schemas/selection-plan.ts';
import type { Precision } from '../../schemas/settings/training.ts';
import { reopenPlan } from './mechanism-plan.ts';
import { assertPlannedTogether } from './planned-together.ts';
import { reopenSelectionPlan, selectionPart } from './selection-plan.ts';

/** What ran, as opposed to what was planned. The statement names all of it. */
export type Ran = {
  /** Version of the code that trained. */
  codeVersion: string;
  /**
   * SHA-256 of the released adapter, in hexadecimal. null without privacy: then even the digest
   * may not leave.
   */
  adapterDigest: string | null;
  /**
   * Steps that were taken and charged. They must be those of the plan, or there is no statement. null if nothing was
   * fine-tuned.
   */
  stepsDone: number | null;
  /**
   * Precision of products with frozen matrices in fine-tuning; null for an adapter from a version
   * with only one.
   */
  precision: Precision | null;
  /** The random generator of draws and noise, such as {@link GENERATOR}. */
  generator: string;
  /** What computed epsilon, and what checked it, in words. */
  accountant: { name: string; check: string };
  /** null: no ledger holds a limit over runs. */
  ledger: null | {
    id: string;
    limits: { epsilon: number; delta: number };
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
  /** The run whose training this release takes over; null: this run trained. */
  cachedFrom: string | null;
};

/** How run-key.ts and keystream.ts make draws and noise, in words. */
export const GENERATOR =
  'AES-256-CTR under keys derived by HKDF-SHA256 from a 256-bit key, which the operating system ' +
  'generated and which is destroyed at release';

/**
 * @throws InvalidConfig if what ran is not what was planned, or contradicts itself: then there
 * is no statement
 */
export function assertRan(ran: Ran, plan: MechanismPlanData): void {
  const { stepsDone, adapterDigest, selection, chosenFrom, ledger, cachedFrom } = ran;
  assertSelected(selection, { plan, stepsDone });
  if (stepsDone !== null && stepsDone !== plan.steps)
    refuse(`${stepsDone} steps were taken, but the plan accounts for ${plan.steps}. Train to the end`);
  const isReleased = plan.private && stepsDone !== null;
  if (isReleased !== /^[0-9a-f]{64}$/.test(adapterDigest ?? ''))
    refuse('a released adapter must have a SHA-256 digest, and one that is not released must have none');
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

/** The plans of fine-tuning and of the selection must account for each other. */
function assertSelected(
  selection: SelectionPlanData | null,
  { plan, stepsDone }: { plan: MechanismPlanData; stepsDone: number | null },
): void {
  if (selection === null) {
    if (stepsDone === null) refuse('nothing was fine-tuned or selected');
    return;
  }
  if (selection.private !== plan.private) refuse('only one of fine-tuning and selection has noise');
  if (!plan.private || !selection.private) return;
  const training = stepsDone === null ? null : reopenPlan(plan);
  assertPlannedTogether(training, reopenSelectionPlan(selection));
  if (training !== null) return;
  const { samplingRate, noiseMultiplier, steps } = plan;
  if (!isDeepStrictEqual({ samplingRate, noiseMultiplier, steps }, selectionPart(selection.noiseMultiplier)))
    refuse('nothing was fine-tuned, but the plan is not that of the selection');
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
  if (limits.delta !== delta) refuse(`ledger ${id}: its epsilon is computed at another delta than its limit`);
}

const ROUNDING = 1e-3;

/** Several trainings cost at least what one of them costs, at the same or a smaller delta. */
function assertComposed(
  what: string,
  { epsilon, delta }: { epsilon: number; delta: number },
  plan: MechanismPlanData & { private: true },
): void {
  if (!(Number.isFinite(epsilon) && epsilon >= 0 && delta > 0 && delta < 1))
    refuse(`${what}: epsilon or delta is out of range`);
  if (delta <= plan.delta && epsilon < plan.epsilon * (1 - ROUNDING))
    refuse(`${what}: the composed epsilon is below that of this run alone`);
}

function refuse(why: string): never {
  throw invalidConfig(`privacy statement: ${why}.`);
}
