import { z } from 'zod';

/** Each trial is a row in the state of the sweep, which must fit into one answer. */
export const MAX_TRIALS = 500;

export const FIELD_PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/;

export const choiceSchema = z.strictObject({
  values: z
    .array(z.unknown())
    .min(1)
    .describe('One of these values, in no order. Objects replace or extend the field'),
});
export const rangeSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  scale: z.enum(['linear', 'log']).default('linear').describe('log: equal factors are equally likely'),
  integer: z.boolean().default(false),
});
export type Range = z.infer<typeof rangeSchema>;

export const spaceSchema = z.record(
  z.string().regex(FIELD_PATH, 'a path of fields such as training.learningRate.peak'),
  z.union([choiceSchema, rangeSchema]),
);
export type SearchSpace = z.infer<typeof spaceSchema>;

export const objectiveSchema = z.strictObject({
  metric: z
    .enum(['accuracy', 'balancedAccuracy', 'macroF1', 'heldOutLoss'])
    .default('balancedAccuracy')
    .describe(
      'A metric of the row synthetic. heldOutLoss is that of the fine-tuned model, in nats, and needs evaluation.heldOut',
    ),
  direction: z
    .enum(['maximize', 'minimize'])
    .optional()
    .describe('Default: minimize for heldOutLoss, else maximize'),
});

export const resourceSchema = z.strictObject({
  path: z
    .string()
    .regex(FIELD_PATH, 'a path of fields such as training.steps')
    .default('training.steps')
    .describe('A field with a whole number; the smaller the number, the cheaper the trial'),
  min: z.int().min(1).describe('The value on the first rung'),
  max: z.int().min(1).describe('The value on the last rung'),
  factor: z.int().min(2).max(16).default(4).describe('Growth from rung to rung'),
  stop: z
    .enum(['halving', 'median'])
    .default('halving')
    .describe(
      'halving: when all trials of a rung have ended, the best 1/factor advance; median: a trial advances at once, unless it is worse than the median of the trials before it on the rung',
    ),
});

/** Searches for good settings: trials are drawn from a space of settings, guided by their scores. */
export const searchSchema = z.strictObject({
  method: z
    .enum(['random', 'tpe'])
    .default('tpe')
    .describe('random: drawn from the whole space; tpe: after ten random trials, drawn near the good ones'),
  trials: z.int().min(1).max(MAX_TRIALS).describe('Number of settings to try'),
  seed: z.int().min(0).default(1).describe('Seed of the draws. The experiments have their own seed'),
  space: spaceSchema,
  objective: objectiveSchema.prefault({}),
  resource: resourceSchema
    .optional()
    .describe('Gives up bad settings early. Without it every trial runs in full'),
});

export type SearchConfig = z.infer<typeof searchSchema>;
export type SearchInput = z.input<typeof searchSchema>;

/** Values of the fields of the space, by path. */
export const trialValuesSchema = z.record(z.string(), z.unknown());
export type TrialValues = z.infer<typeof trialValuesSchema>;

/** One set of values and its score, which is null if the trial failed or is running. */
export const judgedTrialSchema = z.strictObject({ values: trialValuesSchema, score: z.number().nullable() });
export type JudgedTrial = z.infer<typeof judgedTrialSchema>;

/** Proposals are stored under the name of the sweep, so that a resumed sweep tries the same settings. */
export const proposeTrialInput = z.strictObject({
  sweep: z.string(),
  search: searchSchema.pick({ method: true, seed: true, space: true }),
  maximize: z.boolean(),
  index: z.int().min(0),
  trials: z.array(judgedTrialSchema).describe('Earlier trials, used only by tpe'),
});
export type ProposeTrialInput = z.infer<typeof proposeTrialInput>;

/** Whether a higher score is better. */
export function isMaximized({ objective }: Pick<SearchConfig, 'objective'>): boolean {
  return (
    (objective.direction ?? (objective.metric === 'heldOutLoss' ? 'minimize' : 'maximize')) === 'maximize'
  );
}

/** Returns the resource on each rung, increasing; [null] without a resource. */
export function rungsOf({ resource }: Pick<SearchConfig, 'resource'>): (number | null)[] {
  if (resource === undefined) return [null];
  const rungs: number[] = [];
  for (let value = resource.min; value < resource.max; value *= resource.factor) rungs.push(value);
  return [...rungs, resource.max];
}
