import { policyViolation } from '../../schemas/errors.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { Policy, SourceRule } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readPolicy } from '../../storage/policy/policy-records.ts';
import { ruleOf } from '../../storage/policy/rule-of.ts';

/**
 * Throws PolicyViolation for a source that the store's policy refuses, or for settings that spend more on it
 * than the policy allows.
 */
export async function assertAllowed({
  store,
  config,
}: {
  store: ArtifactStore;
  config: ExperimentConfig;
}): Promise<void> {
  const policy = await readPolicy({ store });
  if (policy === null) return;
  const { epsilon, delta } = config.privacy;
  const rule = await allowedRule(policy, config);
  if (rule?.maxEpsilon !== undefined && (epsilon === 'none' || epsilon > rule.maxEpsilon))
    throw policyViolation(
      `The policy of the store allows epsilon ${rule.maxEpsilon} at most for this source, and ` +
        `privacy.epsilon is ${epsilon}.`,
    );
  if (rule?.maxDelta !== undefined && delta !== undefined && delta > rule.maxDelta)
    throw policyViolation(
      `The policy of the store allows delta ${rule.maxDelta} at most for this source, and privacy.delta ` +
        `is ${delta}.`,
    );
}

/** Throws PolicyViolation if a plan spends more than the rule allows. The plan's delta may be a default. */
export async function assertPlanAllowed(params: {
  store: ArtifactStore;
  config: ExperimentConfig;
  plan: { epsilon: number | null; delta: number | null };
}): Promise<void> {
  const { epsilon, delta } = params.plan;
  const privacy = {
    ...params.config.privacy,
    epsilon: epsilon ?? ('none' as const),
    delta: delta ?? undefined,
  };
  // Calibration ends within a thousandth of the requested epsilon, and exceeds it by rounding at most.
  const asked = params.config.privacy.epsilon;
  const isAsked = epsilon !== null && asked !== 'none' && epsilon <= asked * (1 + 1e-9);
  await assertAllowed({
    ...params,
    config: { ...params.config, privacy: isAsked ? { ...privacy, epsilon: asked } : privacy },
  });
}

async function allowedRule(policy: Policy, { corpus }: ExperimentConfig): Promise<SourceRule | undefined> {
  const rule = await allowedRuleOf(policy, corpus.source);
  // Scores on a test set reveal something about its records, so a refused source may not be a
  // test set either.
  if (typeof corpus.test === 'string') await allowedRuleOf(policy, corpus.test);
  return rule;
}

async function allowedRuleOf(policy: Policy, source: string): Promise<SourceRule | undefined> {
  const rule = await ruleOf(policy, source);
  if (rule === undefined && policy.otherSources === 'refuse')
    throw policyViolation(
      'The policy of the store has no rule for a source of this experiment (corpus.source, corpus.test), ' +
        'and refuses sources without a rule. An operator can add one: `dpsynth policy set`.',
    );
  return rule;
}
