import { z } from 'zod';
import { RUN_NAME } from './names.ts';
import { mechanismPartSchema } from './privacy.ts';

export const ledgerIdSchema = z
  .string()
  .max(100)
  .regex(RUN_NAME, 'letters, digits, dots, dashes and underscores, since it names a folder and a workflow');

/** How much all runs together may spend on a corpus. */
export const ledgerLimitsSchema = z.strictObject({
  epsilon: z.number().positive().describe('The most epsilon that all charged mechanisms together may reach'),
  delta: z.number().gt(0).lt(1).describe('The delta at which epsilon is computed, below 1/n'),
  approveAbove: z
    .number()
    .nonnegative()
    .optional()
    .describe('A stage whose own epsilon is above this waits for approval'),
});
export type LedgerLimits = z.infer<typeof ledgerLimitsSchema>;

/**
 * What a DP stage is about to release. Its id names the release, so that the same release is
 * charged only once.
 */
export const reservationSchema = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  run: z.string(),
  stage: z.string(),
  parts: z.array(mechanismPartSchema).min(1),
});
export type Reservation = z.infer<typeof reservationSchema>;

const decidedBy = z
  .string()
  .optional()
  .describe('The operator who decided it. Absent if a run set the first limits');

/** One change of a ledger. The records in the store are the ledger; everything else follows from them. */
export const ledgerChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('limits'), limits: ledgerLimitsSchema, by: decidedBy }),
  z.strictObject({
    kind: z.literal('reserve'),
    reservation: reservationSchema,
    epsilon: z.number().nonnegative().describe('Epsilon of this stage alone, at the delta of the ledger'),
    waits: z.boolean().describe('Whether it waits for approval. It already counts against the limit'),
  }),
  z.strictObject({ kind: z.literal('approve'), id: z.string(), by: decidedBy }),
  z.strictObject({ kind: z.literal('commit'), id: z.string() }),
  // A refund, under its first name: stored records have it.
  z.strictObject({ kind: z.literal('release'), id: z.string() }),
]);
export type LedgerChange = z.infer<typeof ledgerChangeSchema>;

export const ledgerRecordSchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.string(),
  change: ledgerChangeSchema,
});
export type LedgerRecord = z.infer<typeof ledgerRecordSchema>;

export const ledgerEntrySchema = reservationSchema.extend({
  epsilon: z.number().nonnegative(),
  // `released`: refunded.
  status: z.enum(['waiting', 'reserved', 'committed', 'released']),
  at: z.string().describe('Time of the last change'),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export const ledgerStateSchema = z.strictObject({
  ledger: ledgerIdSchema,
  sequence: z.int().min(0).describe('Number of the last record'),
  limits: ledgerLimitsSchema.nullable().describe('null before the first reservation'),
  entries: z.array(ledgerEntrySchema),
});
export type LedgerState = z.infer<typeof ledgerStateSchema>;

/** The answer to the query. */
export const ledgerViewSchema = ledgerStateSchema.extend({
  charged: z
    .number()
    .nullable()
    .describe('Composed epsilon of everything that counts against the limit; null until it is computed'),
});
export type LedgerView = z.infer<typeof ledgerViewSchema>;

export const reserveRequestSchema = z.strictObject({
  reservation: reservationSchema,
  limits: ledgerLimitsSchema,
  byPolicy: z
    .boolean()
    .optional()
    .describe('True if the limits come from the policy, so that the ledger adopts them'),
});
export type ReserveRequest = z.infer<typeof reserveRequestSchema>;

export const entryRequestSchema = z.strictObject({ id: z.string() });
export type EntryRequest = z.infer<typeof entryRequestSchema>;

/** The answer to every update that names a reservation. */
export const entryOutcomeSchema = z.strictObject({
  id: z.string(),
  status: ledgerEntrySchema.shape.status,
});
export type EntryOutcome = z.infer<typeof entryOutcomeSchema>;

/** Input of the workflow. `sequence` is the last known record; if the store has fewer, records were lost. */
export const ledgerInputSchema = z.strictObject({
  ledger: ledgerIdSchema,
  sequence: z.int().min(0).default(0),
});
export type LedgerInput = z.input<typeof ledgerInputSchema>;

export const accountInput = z.strictObject({
  charged: z.array(mechanismPartSchema),
  added: z.array(mechanismPartSchema),
  limits: ledgerLimitsSchema,
});
export type AccountInput = z.infer<typeof accountInput>;

export const accountOutput = z.strictObject({
  charged: z.number().nonnegative().describe('Epsilon of the charged mechanisms'),
  alone: z.number().nonnegative().describe('Epsilon of the added mechanisms'),
  total: z.number().nonnegative().describe('Epsilon of all of them together'),
  fits: z
    .strictObject({ noiseMultiplier: z.number(), epsilon: z.number() })
    .nullable()
    .describe('The added mechanism with the least noise that still fits the limit; null if none fits'),
});
export type AccountOutput = z.infer<typeof accountOutput>;
