import type { Accountant, MechanismPart } from '../../schemas/privacy.ts';
import { pldEpsilon } from './pld-accountant.ts';
import { rdpEpsilon } from './rdp.ts';

type AccountantEntry = {
  /**
   * Returns epsilon of parts and a delta that were checked. `tolerance`: what discretisation
   * may add, relative.
   */
  epsilon: (parts: readonly MechanismPart[], delta: number, tolerance?: number) => number;
  /** The abbreviation, for tables and terminals. */
  name: string;
  /** The name in full, for the middle of a sentence. */
  words: string;
  /** What checks its epsilon, in words. */
  check: string;
};

/** Everything in which accountants differ. A new one is an option of `accountantSchema` and an entry here. */
export const ACCOUNTANTS: Readonly<Record<Accountant, AccountantEntry>> = {
  pld: {
    epsilon: pldEpsilon,
    name: 'PLD',
    words: 'privacy loss distributions',
    check: 'Renyi divergences',
  },
  rdp: {
    epsilon: rdpEpsilon,
    name: 'RDP',
    words: 'Renyi divergences',
    check: 'no other accountant, since this is the looser one',
  },
};

/**
 * Gives the bound that a plan states beside its epsilon, and replaces an accountant that cannot
 * answer. It uses other arithmetic, answers for all parameters in range, and is never below what a
 * correct accountant says.
 */
export const CHECKING_ACCOUNTANT: Accountant = 'rdp';
