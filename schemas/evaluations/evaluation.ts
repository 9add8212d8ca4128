import type { z } from 'zod';

type Fields = Record<string, z.ZodType>;

/**
 * Definition of one evaluation stage. Its name is its key in the registry. It is camelCase as a key of
 * TypeScript or JSON and as the start of an activity id, and kebab-case in names of files, jobs and steps.
 * The entry states any wire name that differs.
 */
export type Evaluation = {
  /** Displayed label of the stage. */
  label: string;
  /**
   * Its field of `evaluation` in the experiment, by name; empty for a stage that always runs. If the field is
   * absent or 0 in an experiment, the stage is off. Make a new field optional: a default would change the
   * digests of experiments without it.
   */
  settings: Fields;
  /**
   * Activity that runs its parts; absent if another stage's activity does. `input` is added to the run
   * and the experiment.
   */
  activity?: { type: string; queue: 'cpu' | 'gpu'; input: Fields; output: z.ZodType };
  /**
   * Compute jobs of that activity by kind, with the result of each. The module
   * `workers/compute/jobs/<kind>.ts` runs it.
   */
  jobs: Record<string, { job: z.ZodType; result: z.ZodType }>;
  /** Results that are passed to the report, by field name. */
  reported: Fields;
  /** Fields that it adds to the report data in addition to the scores, by name. */
  data: Fields;
};
