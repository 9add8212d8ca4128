import { z } from 'zod';
import { type LedgerLimits, ledgerIdSchema, ledgerLimitsSchema } from './ledger.ts';

/** What may be done with the sources that match a pattern. */
export const sourceRuleSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe(
      'Sources that the rule covers: an absolute path, s3://BUCKET/KEY or a catalog name. * matches any characters',
    ),
  ledger: ledgerIdSchema
    .optional()
    .describe('The ledger to which all spending is charged. Without it each corpus has its own ledger'),
  limits: ledgerLimitsSchema
    .optional()
    .describe('Limits of those separate ledgers, if `ledger` is not given'),
  maxEpsilon: z.number().positive().optional().describe('The largest privacy.epsilon that a run may have'),
  maxDelta: z.number().gt(0).lt(1).optional().describe('The largest delta that a run may have'),
});
export type SourceRule = z.infer<typeof sourceRuleSchema>;

/**
 * The policy of a store. The person responsible for the data sets it, and workers enforce it for every run.
 */
export const policySchema = z
  .strictObject({
    ledgers: z.array(ledgerLimitsSchema.extend({ id: ledgerIdSchema })).default([]),
    sources: z.array(sourceRuleSchema).default([]).describe('The first rule that matches a source applies'),
    otherSources: z
      .enum(['allow', 'refuse'])
      .default('allow')
      .describe('Whether sources that match no rule may be used'),
    keepUnfinishedDays: z
      .number()
      .positive()
      .optional()
      .describe('Keys and checkpoints of failed and cancelled runs are destroyed after this many days'),
  })
  .superRefine(({ ledgers, sources }, context) => {
    const ids = ledgers.map(({ id }) => id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    const issue = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    if (twice !== undefined) issue(`has two entries for ${twice}`, ['ledgers']);
    for (const [at, { ledger, limits }] of sources.entries()) {
      if ((ledger === undefined) === (limits === undefined))
        issue('needs either `ledger` or `limits`', ['sources', at]);
      if (ledger !== undefined && !ids.includes(ledger))
        issue(`names ${ledger}, which has no limits in \`ledgers\``, ['sources', at, 'ledger']);
    }
  });
export type Policy = z.infer<typeof policySchema>;

/** One version of a policy, as the store keeps it. */
export const policyRecordSchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.string(),
  by: z.string().describe('Who set it, as reported by the machine where it was set'),
  policy: policySchema,
});
export type PolicyRecord = z.infer<typeof policyRecordSchema>;

/** A person's approval of a waiting reservation. */
export const approvalSchema = z.strictObject({ at: z.string(), by: z.string() });
export type Approval = z.infer<typeof approvalSchema>;

/** Returns the limits that a policy sets for a named ledger, or undefined. */
export function limitsOfLedger(policy: Policy, ledger: string): LedgerLimits | undefined {
  const found = policy.ledgers.find(({ id }) => id === ledger);
  if (found === undefined) return undefined;
  const { id: _, ...limits } = found;
  return limits;
}

export function sameLimits(a: LedgerLimits, b: LedgerLimits): boolean {
  return a.epsilon === b.epsilon && a.delta === b.delta && a.approveAbove === b.approveAbove;
}
