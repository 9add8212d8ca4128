import type { Mutant } from '../mutant.ts';
import { ACCOUNTANT_MUTANTS } from './accountant.ts';
import { CLIPPING_MUTANTS } from './clipping.ts';
import { DIGESTS } from './digests.ts';
import { DUPLICATES_MUTANTS } from './duplicates.ts';
import { GHOST_NORMS } from './ghost-norms.ts';
import { KEYS } from './keys.ts';
import { LEDGER } from './ledger.ts';
import { NOISE_MUTANTS } from './noise.ts';
import { POLICY } from './policy.ts';
import { RELEASE_MUTANTS } from './release.ts';
import { SAMPLER } from './sampler.ts';
import { SCHEDULES } from './schedules.ts';
import { SELECTION } from './selection.ts';
import { STATEMENT_MUTANTS } from './statement.ts';

/** All faults that a test must see. */
export const MUTANTS: readonly Mutant[] = [
  ...SAMPLER,
  ...NOISE_MUTANTS,
  ...CLIPPING_MUTANTS,
  ...GHOST_NORMS,
  ...ACCOUNTANT_MUTANTS,
  ...KEYS,
  ...DIGESTS,
  ...LEDGER,
  ...POLICY,
  ...RELEASE_MUTANTS,
  ...STATEMENT_MUTANTS,
  ...DUPLICATES_MUTANTS,
  ...SCHEDULES,
  ...SELECTION,
];
