import { ACCOUNTANTS } from '../../engine/privacy/accountants.ts';
import { accountLedger } from '../../engine/privacy/ledger-account.ts';
import { GENERATOR, type Ran } from '../../engine/privacy/statement-ran.ts';
import type { ChosenFrom, ReportInput } from '../../schemas/activities.ts';
import { DEFAULT_ACCOUNTANT } from '../../schemas/privacy.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertHeld } from '../ledger/assert-reserved.ts';
import { spentBy } from '../ledger/dp-stage.ts';
import { ledgerOf } from '../ledger/ledger-of.ts';
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
  const { finetuned, plan, config, run } = input;
  await assertPlanAllowed({ store, config, plan: plan.mechanism });
  const { mechanism } = plan;
  const accountant = ACCOUNTANTS[mechanism.private ? mechanism.accountant : DEFAULT_ACCOUNTANT];
  return {
    codeVersion: deps.codeVersion,
    adapterDigest: mechanism.private ? (await store.describe(finetuned.adapter)).sha256 : null,
    generator: GENERATOR,
    accountant: { name: accountant.words, check: accountant.check },
    stepsDone: finetuned.steps,
    precision: finetuned.precision ?? null,
    ledger: await chargedLedger({ deps, input }),
    chosenFrom,
    cachedFrom: finetuned.cachedFrom ?? null,
  };

  async function chargedLedger(of: { deps: ActivityDeps; input: ReportInput }): Promise<Ran['ledger']> {
    const { mechanism } = of.input.plan;
    const ledger = mechanism.private ? await ledgerOf({ store, run, config }) : null;
    if (ledger === null) return null;
    const microBatch = config.training.microBatch;
    const given = { run, config, train: input.prepared.train, plan: mechanism, microBatch };
    const { parts } = await spentBy({ stage: 'finetune', input: given }, input.prepared.records);
    const now = await assertHeld({
      store,
      of: ledger,
      release: finetuned.release ?? '',
      parts,
      atLeast: 'committed',
    });
    const { charged } = accountLedger({ charged: now.charged, added: [], limits: now.limits });
    return { id: now.ledger, limits: now.limits, chargedAfter: charged, delta: now.limits.delta };
  }
}
