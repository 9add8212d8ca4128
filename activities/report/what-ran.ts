import { ACCOUNTANTS } from '../../engine/privacy/accountants.ts';
import { accountLedger } from '../../engine/privacy/ledger-account.ts';
import { GENERATOR, type Ran } from '../../engine/privacy/statement-ran.ts';
import type { ChosenFrom, ReportInput } from '../../schemas/activities.ts';
import { DEFAULT_ACCOUNTANT } from '../../schemas/privacy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertHeld, type LedgerNow } from '../ledger/assert-reserved.ts';
import { spentBy } from '../ledger/dp-stage.ts';
import { ledgerOf } from '../ledger/ledger-of.ts';
import { releasesOfRun } from '../ledger/releases-of-run.ts';
import { assertPlanAllowed } from '../policy/assert-allowed.ts';

/**
 * What ran, looked up in the store rather than in the settings. Throws BudgetExceeded if the ledger of the run has not been charged for
 * the release, PolicyViolation if the policy of the store does not allow it now.
 */
export async function whatRan(params: {
  deps: ActivityDeps;
  input: ReportInput;
  chosenFrom: ChosenFrom | null;
}): Promise<Ran> {
  const { deps, input, chosenFrom } = params;
  const { store } = deps;
  const { finetuned, selected, plan, config } = input;
  await assertPlanAllowed({ store, config, plan: plan.mechanism });
  const { mechanism, selection } = plan;
  const accountant = ACCOUNTANTS[mechanism.private ? mechanism.accountant : DEFAULT_ACCOUNTANT];
  const isPublished = mechanism.private && finetuned !== null;
  return {
    codeVersion: deps.codeVersion,
    adapterDigest: isPublished ? (await store.describe(finetuned.adapter)).sha256 : null,
    generator: GENERATOR,
    accountant: { name: accountant.words, check: accountant.check },
    stepsDone: finetuned?.steps ?? null,
    precision: finetuned?.precision ?? null,
    selection: selection ?? null,
    ledger: mechanism.private ? await chargedLedger({ store, input }) : null,
    chosenFrom,
    cachedFrom: finetuned?.cachedFrom ?? selected?.cachedFrom ?? null,
  };
}

/** The ledger of the run after everything that it is about to publish was charged; null for a run without one. */
async function chargedLedger(params: { store: ArtifactStore; input: ReportInput }): Promise<Ran['ledger']> {
  const { store, input } = params;
  const { run, config, prepared } = input;
  const of = await ledgerOf({ store, run, config });
  if (of === null) return null;
  let now: LedgerNow | undefined;
  for (const { given, release } of releasesOfRun(input)) {
    const { parts } = await spentBy(given, prepared.records);
    now = await assertHeld({ store, of, release, parts, atLeast: 'committed' });
  }
  if (now === undefined) return null;
  const { charged } = accountLedger({ charged: now.charged, added: [], limits: now.limits });
  return { id: now.ledger, limits: now.limits, chargedAfter: charged, delta: now.limits.delta };
}
