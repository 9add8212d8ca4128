import { z } from 'zod';
import { evaluationInputs, finetuneInput, selectInput } from './activities.ts';
import { ledgerIdSchema, reserveRequestSchema } from './ledger.ts';

/** The stages of an experiment that spend budget, with what their activity is given. */
export const dpStageInput = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('finetune'), input: finetuneInput }),
  z.strictObject({ stage: z.literal('select'), input: selectInput }),
  z.strictObject({ stage: z.literal('classify-real-dp'), input: evaluationInputs.classify }),
]);
export type DpStageInput = z.infer<typeof dpStageInput>;
export type DpStage = DpStageInput['stage'];

/** A request for a reservation, with its limits and its ledger. */
export const reserveBudgetInput = reserveRequestSchema.extend({ ledger: ledgerIdSchema });
export type ReserveBudgetInput = z.infer<typeof reserveBudgetInput>;

/**
 * What a DP stage must reserve before its result may be used. An existing result is named by its release: a
 * ledger that charged the same release does not charge it again, but any other ledger does.
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
