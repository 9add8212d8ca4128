import { z } from 'zod';
import { type LedgerLimits, ledgerIdSchema, ledgerLimitsSchema } from './ledger.ts';

/** What may be done with the sources that a pattern names. */
export const sourceRuleSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe(
      'Sources that the rule is about: an absolute path, s3://BUCKET/KEY or a catalog name; * stands ' +
        'for any characters',
    ),
  ledger: ledgerIdSchema
    .optional()
    .describe('What is spent is charged to this ledger; without it each corpus has a ledger of its own'),
  limits: ledgerLimitsSchema
    .optional()
    .describe('Of the ledgers of their own, if `ledger` names none for all of these sources'),
  maxEpsilon: z.number().positive().optional().describe('Greatest privacy.epsilon of one run'),
  maxDelta: z.number().gt(0).lt(1).optional().describe('Greatest delta of one run'),
});
export type SourceRule = z.infer<typeof sourceRuleSchema>;

/**
 * The policy of a store: set by whoever is responsible for the data, enforced by workers whoever
 * starts a run.
 */
export const policySchema = z
  .strictObject({
    ledgers: z.array(ledgerLimitsSchema.extend({ id: ledgerIdSchema })).default([]),
    sources: z.array(sourceRuleSchema).default([]).describe('The first rule that matches a source counts'),
    otherSources: z.enum(['allow', 'refuse']).default('allow').describe('Sources that no rule matches'),
    keepUnfinishedDays: z
      .number()
      .positive()
      .optional()
      .describe(
        'Keys and checkpoints of a run that failed or was cancelled are destroyed after this many days',
      ),
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
        issue(`names ${ledger}, for which \`ledgers\` has no limits`, ['sources', at, 'ledger']);
    }
  });
export type Policy = z.infer<typeof policySchema>;

/** One version of a policy, as the store keeps it. */
export const policyRecordSchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.string(),
  by: z.string().describe('Who set it, as the machine where it was set says'),
  policy: policySchema,
});
export type PolicyRecord = z.infer<typeof policyRecordSchema>;

/** The permission of a person for a reservation that waits. */
export const approvalSchema = z.strictObject({ at: z.string(), by: z.string() });
export type Approval = z.infer<typeof approvalSchema>;

/** The limits that a policy gives to a ledger by name, or undefined. */
export function limitsOfLedger(policy: Policy, ledger: string): LedgerLimits | undefined {
  const found = policy.ledgers.find(({ id }) => id === ledger);
  if (found === undefined) return undefined;
  const { id: _, ...limits } = found;
  return limits;
}

export function sameLimits(a: LedgerLimits, b: LedgerLimits): boolean {
  return a.epsilon === b.epsilon && a.delta === b.delta && a.approveAbove === b.approveAbove;
}
