import { z } from 'zod';
import { accountantSchema, mechanismPartSchema } from './privacy.ts';

/** What a selection may compute from private records. Every release of it is a noisy sum of contributions of norm at most 1. */
export const selectionStatisticSchema = z.enum([
  'class-counts',
  'head-gradient',
  'class-sums',
  'neighbour-votes',
]);
export type SelectionStatistic = z.infer<typeof selectionStatisticSchema>;

export const plannedStatisticSchema = z.strictObject({
  name: selectionStatisticSchema,
  /** Part of the selection's 1 / sigma^2 that this statistic gets. All parts add up to 1. */
  share: z.number().positive().max(1),
  /** How many sums are released: the steps of a gradient descent, else 1. */
  releases: z.int().positive(),
  /** Standard deviation of the noise on each coordinate of each release; 0 without privacy. */
  noiseMultiplier: z.number().nonnegative(),
});
export type PlannedStatistic = z.infer<typeof plannedStatisticSchema>;

const planFields = {
  /** Number of private records n (privacy units): every release sums over all of them. */
  records: z.int().min(2),
  statistics: z.array(plannedStatisticSchema).min(1),
};

export const dpSelectionPlanSchema = z.strictObject({
  private: z.literal(true),
  ...planFields,
  /** All statistics together are one Gaussian mechanism of sensitivity 1 with this standard deviation. */
  noiseMultiplier: z.number().positive(),
  delta: z.number().positive().max(1),
  /** The loss of `otherParts` and all statistics together, by `accountant`. */
  epsilon: z.number().nonnegative(),
  /** The same loss by Renyi accounting: a check, never below a PLD epsilon. */
  epsilonRdp: z.number().nonnegative(),
  accountant: accountantSchema,
  /** What else is charged to the same records and budget: the fine-tuning. */
  otherParts: z.array(mechanismPartSchema),
});
export type DpSelectionPlanData = z.infer<typeof dpSelectionPlanSchema>;

export const nonPrivateSelectionPlanSchema = z.strictObject({
  private: z.literal(false),
  ...planFields,
  noiseMultiplier: z.literal(0),
  delta: z.null(),
  epsilon: z.null(),
});
export type NonPrivateSelectionPlanData = z.infer<typeof nonPrivateSelectionPlanSchema>;

export const selectionPlanSchema = z.discriminatedUnion('private', [
  dpSelectionPlanSchema,
  nonPrivateSelectionPlanSchema,
]);
export type SelectionPlanData = z.infer<typeof selectionPlanSchema>;
