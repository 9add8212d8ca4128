import { z } from 'zod';
import { classifyInput, finetuneInput } from './activities.ts';
import { classifiedSchema, finetunedSchema } from './jobs.ts';
import { ledgerIdSchema, ledgerLimitsSchema, reservationSchema } from './ledger.ts';

/** The stages of an experiment that spend budget, with what their activity is given. */
export const dpStageInput = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('finetune'), input: finetuneInput }),
  z.strictObject({ stage: z.literal('classify-real-dp'), input: classifyInput }),
]);
export type DpStageInput = z.infer<typeof dpStageInput>;
export type DpStage = DpStageInput['stage'];

/** What a DP stage would cost: nothing where its result is there already, else this reservation. */
export const quotedSchema = z.discriminatedUnion('paid', [
  z.strictObject({ paid: z.literal(true), made: z.union([finetunedSchema, classifiedSchema]) }),
  z.strictObject({ paid: z.literal(false), ledger: ledgerIdSchema, reservation: reservationSchema }),
]);
export type Quoted = z.infer<typeof quotedSchema>;

export const reserveBudgetInput = z.strictObject({
  ledger: ledgerIdSchema,
  reservation: reservationSchema,
  limits: ledgerLimitsSchema,
});
export const settleBudgetInput = z.strictObject({
  ledger: ledgerIdSchema,
  id: z.string(),
  outcome: z.enum(['commit', 'release']).describe('release: unless something was observed'),
});
export type ReserveBudgetInput = z.infer<typeof reserveBudgetInput>;
export type SettleBudgetInput = z.infer<typeof settleBudgetInput>;
