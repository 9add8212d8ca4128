import { prepareInput } from '../../schemas/activities.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import { invalidConfig, policyViolation } from '../../schemas/errors.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import { type PreparedCorpus, preparedCorpusSchema } from '../../schemas/jobs.ts';
import type { LedgerLimits } from '../../schemas/ledger.ts';
import { limitsOfLedger, type SourceRule, sameLimits } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readPolicy } from '../../storage/policy/policy-records.ts';
import { ruleOf } from '../../storage/policy/rule-of.ts';
import { keptOutput } from '../step.ts';

/** Ledger that a run must charge, and its limits. */
export type LedgerOfRun = { ledger: string; limits: LedgerLimits; byPolicy: boolean };

type Run = { store: ArtifactStore; run: string; config: ExperimentConfig };

/**
 * Returns the ledger of a run: the one in the store's policy, else the one in the experiment, else null. Both
 * are applied to the settings under which the corpus was prepared, so a run cannot name one source to the
 * policy and read another. Throws PolicyViolation for a source or a ledger that the policy does not allow.
 */
export async function ledgerOf(params: Run): Promise<LedgerOfRun | null> {
  const { store, config } = params;
  const { units } = await preparedOf(params);
  const policy = await readPolicy({ store });
  const rule = policy === null ? undefined : await ruleOf(policy, config.corpus.source);
  const asked = config.privacy.ledger;
  if (rule === undefined && asked === undefined) return null;
  const ledger = ledgerName({ rule, asked: asked?.id, units });
  const limits = policy === null ? undefined : (limitsOfLedger(policy, ledger) ?? rule?.limits);
  if (limits === undefined) {
    const { id: _, ...own } = asked!;
    return { ledger, limits: own, byPolicy: false };
  }
  assertSameLimits({ ledger, asked, limits });
  return { ledger, limits, byPolicy: true };
}

/**
 * Returns what preparing the corpus has stored for this run under exactly these settings. Throws
 * InvalidConfig if the corpus was prepared under other settings or not at all, or if `train` is not
 * its training split.
 */
export async function preparedOf({
  store,
  run,
  config,
  train,
}: Run & { train?: ArtifactRef }): Promise<PreparedCorpus> {
  const prepared = await keptOutput({
    store,
    input: prepareInput.parse({ run, config }),
    name: () => 'prepare',
    output: preparedCorpusSchema,
  });
  if (prepared === undefined)
    throw invalidConfig(
      `The corpus of the run ${run} was not prepared with these settings. Start the run anew.`,
    );
  if (train !== undefined && train.keyedDigest !== prepared.train.keyedDigest)
    throw invalidConfig(`The training records are not those of the run ${run}. Start the run anew.`);
  return prepared;
}

function ledgerName(params: {
  rule: SourceRule | undefined;
  asked: string | undefined;
  units: string;
}): string {
  const { rule, asked, units } = params;
  const fixed = rule === undefined ? undefined : (rule.ledger ?? units);
  if (fixed !== undefined && asked !== undefined && asked !== fixed)
    throw policyViolation(
      'The policy of the store charges this source to ' +
        `${rule?.ledger === undefined ? 'a ledger of its own' : `the ledger ${fixed}`}, and ` +
        `privacy.ledger.id says ${asked}. Leave privacy.ledger out.`,
    );
  return fixed ?? asked ?? units;
}

function assertSameLimits(params: {
  ledger: string;
  asked: ExperimentConfig['privacy']['ledger'];
  limits: LedgerLimits;
}): void {
  const { ledger, asked, limits } = params;
  if (asked === undefined || sameLimits(asked, limits)) return;
  throw policyViolation(
    `The policy of the store gives the ledger ${ledger} the limits epsilon ${limits.epsilon} at delta ` +
      `${limits.delta}, and privacy.ledger says others. Leave privacy.ledger out.`,
  );
}
