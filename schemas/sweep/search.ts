import { z } from 'zod';

/** A trial is a row of the state of the sweep, which must fit into one answer. */
export const MAX_TRIALS = 500;

export const FIELD_PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/;

export const choiceSchema = z.strictObject({
  values: z
    .array(z.unknown())
    .min(1)
    .describe('Any of these, in no order; objects replace or extend the field'),
});
export const rangeSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  scale: z.enum(['linear', 'log']).default('linear').describe('log: every factor is as likely'),
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
      'Of the row synthetic; heldOutLoss, in nats, is of the tuned model and needs evaluation.heldOut',
    ),
  direction: z
    .enum(['maximize', 'minimize'])
    .optional()
    .describe('By default minimize for heldOutLoss, else maximize'),
});

export const resourceSchema = z.strictObject({
  path: z
    .string()
    .regex(FIELD_PATH, 'a path of fields such as training.steps')
    .default('training.steps')
    .describe('A whole number of which a trial costs less when it has less'),
  min: z.int().min(1).describe('At the first rung'),
  max: z.int().min(1).describe('At the last rung'),
  factor: z.int().min(2).max(16).default(4).describe('From rung to rung'),
  stop: z
    .enum(['halving', 'median'])
    .default('halving')
    .describe(
      'halving: the best 1/factor of a rung go on, once all of it have ended; median: a trial goes on ' +
        'at once, unless it is worse than the median of those before it on the rung',
    ),
});

/** Looks for good settings: trials are drawn from a space of settings, and by their scores. */
export const searchSchema = z.strictObject({
  method: z
    .enum(['random', 'tpe'])
    .default('tpe')
    .describe('tpe: after ten random trials, where good ones were'),
  trials: z.int().min(1).max(MAX_TRIALS).describe('Settings that are tried'),
  seed: z.int().min(0).default(1).describe('Of the draws; that of the experiments is theirs'),
  space: spaceSchema,
  objective: objectiveSchema.prefault({}),
  resource: resourceSchema
    .optional()
    .describe('Gives up early on bad settings; without it every trial runs in full'),
});

export type SearchConfig = z.infer<typeof searchSchema>;
export type SearchInput = z.input<typeof searchSchema>;

/** Values of the fields of the space, by path. */
export const trialValuesSchema = z.record(z.string(), z.unknown());
export type TrialValues = z.infer<typeof trialValuesSchema>;

/** One set of values and how good it was; null for one that failed, or is under way. */
export const judgedTrialSchema = z.strictObject({ values: trialValuesSchema, score: z.number().nullable() });
export type JudgedTrial = z.infer<typeof judgedTrialSchema>;

/** What is proposed is kept under the name of the sweep, so that a sweep that goes on tries the same. */
export const proposeTrialInput = z.strictObject({
  sweep: z.string(),
  search: searchSchema.pick({ method: true, seed: true, space: true }),
  maximize: z.boolean(),
  index: z.int().min(0),
  trials: z.array(judgedTrialSchema).describe('Those before; only tpe looks at them'),
});
export type ProposeTrialInput = z.infer<typeof proposeTrialInput>;

/** True where a higher score is better. */
export function isMaximized({ objective }: Pick<SearchConfig, 'objective'>): boolean {
  return (
    (objective.direction ?? (objective.metric === 'heldOutLoss' ? 'minimize' : 'maximize')) === 'maximize'
  );
}

/** The resource at each rung, rising; [null] where there is none. */
export function rungsOf({ resource }: Pick<SearchConfig, 'resource'>): (number | null)[] {
  if (resource === undefined) return [null];
  const rungs: number[] = [];
  for (let value = resource.min; value < resource.max; value *= resource.factor) rungs.push(value);
  return [...rungs, resource.max];
}
