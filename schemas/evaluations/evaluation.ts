import type { z } from 'zod';

type Fields = Record<string, z.ZodType>;

/**
 * All that is said of one evaluation stage. Its name is its key in the registry: in camelCase where it is a key of TypeScript or JSON and
 * the start of an activity id, in kebab-case where it is a file, a job or a step. A wire name that differs is said in the entry.
 */
export type Evaluation = {
  /** The words that people see for the stage. */
  label: string;
  /**
   * Its field of `evaluation` in the experiment, by its name; empty for a stage that always runs. Absent or 0 in an experiment is off. Make a
   * new one optional: a default would change the digests of experiments without it.
   */
  settings: Fields;
  /** The activity that does its parts; absent if that of another stage does. `input` is beside the run and the experiment. */
  activity?: { type: string; queue: 'cpu' | 'gpu'; input: Fields; output: z.ZodType };
  /** The compute jobs of that activity by kind, with what each gives back. A module `workers/compute/jobs/<kind>.ts` runs each. */
  jobs: Record<string, { job: z.ZodType; result: z.ZodType }>;
  /** What the report is given of it, by the name of the field. */
  reported: Fields;
  /** What the data of the report hold of it beside the scores, by the name of the field. */
  data: Fields;
};
