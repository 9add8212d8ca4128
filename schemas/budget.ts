import { z } from 'zod';
import { evaluationInputs, finetuneInput } from './activities.ts';
import { ledgerIdSchema, reserveRequestSchema } from './ledger.ts';

/** The stages of an experiment that spend budget, with what their activity is given. */
export const dpStageInput = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('finetune'), input: finetuneInput }),
  z.strictObject({ stage: z.literal('classify-real-dp'), input: evaluationInputs.classify }),
]);
export type DpStageInput = z.infer<typeof dpStageInput>;
export type DpStage = DpStageInput['stage'];

/** A reservation, the limits under which it is asked for, and the ledger that is asked. */
export const reserveBudgetInput = reserveRequestSchema.extend({ ledger: ledgerIdSchema });
export type ReserveBudgetInput = z.infer<typeof reserveBudgetInput>;

/**
 * What a DP stage must hold before its result may be used. A result that is there already is named by
 * the release that it is: a ledger that has charged this very release does not charge it again, any
 * other one does.
 */
export const quotedSchema = z.strictObject({
  charge: reserveBudgetInput
    .nullable()
    .describe('null: neither the experiment nor the policy of the store names a ledger'),
});
export type Quoted = z.infer<typeof quotedSchema>;

export const settleBudgetInput = z.strictObject({
  ledger: ledgerIdSchema,
  id: z.string(),
  outcome: z.enum(['commit', 'release']).describe('release: a refund, unless something was observed'),
});
export type SettleBudgetInput = z.infer<typeof settleBudgetInput>;
