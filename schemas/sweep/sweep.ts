import { z } from 'zod';
import type { ExperimentInput } from '../experiment.ts';
import { RUN_NAME } from '../names.ts';
import { FIELD_PATH, searchSchema } from './search.ts';

/** The state of a sweep must fit into one answer, and its history into one workflow. */
export const MAX_VARIANTS = 200;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

// The type helps people who write sweeps in TypeScript. The settings are checked as an experiment once
// they are merged.
const settings = z.record(z.string(), z.unknown()) as unknown as z.ZodType<
  DeepPartial<ExperimentInput>,
  DeepPartial<ExperimentInput>
>;

const variantSchema = z.strictObject({
  name: z
    .string()
    .max(80)
    .regex(RUN_NAME, 'letters, digits, dots, dashes and underscores, since it ends the name of a run'),
  set: settings.prefault({}).describe('Settings that differ from the shared experiment'),
});

/** Several variants of one experiment, each with a run of its own, compared in one table. */
export const sweepSchema = z.strictObject({
  name: z.string().min(1).max(60).default('sweep'),
  experiment: settings.describe('The settings that the variants share: an experiment, or a part of one'),
  variants: z.array(variantSchema).default([]),
  grid: z
    .record(
      z.string().regex(FIELD_PATH, 'a path of fields such as privacy.epsilon'),
      z.array(z.unknown()).min(1),
    )
    .default({})
    .describe('Values of fields, by path. All combinations are run, for each variant if there are any'),
  search: searchSchema.optional().describe('Trials drawn from a space, instead of variants and grid'),
  concurrency: z.int().min(1).max(16).default(1).describe('The most variants that run at the same time'),
  maxFailed: z
    .int()
    .min(0)
    .optional()
    .describe('The sweep ends if more variants than this fail. By default the others always continue'),
});

export type SweepConfig = z.infer<typeof sweepSchema>;
export type SweepInput = z.input<typeof sweepSchema>;
