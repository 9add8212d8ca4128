import { z } from 'zod';
import { planOutput, reportOutput } from './activities.ts';
import { STAGES } from './stages.ts';

/** The state of a stage, in the answer to the state query and on the details page. */
export const stageStateSchema = z.strictObject({
  stage: z.enum(Object.keys(STAGES) as [keyof typeof STAGES, ...(keyof typeof STAGES)[]]),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  done: z.int(),
  of: z.int(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  attempts: z.int(),
  cached: z.int().describe('Parts whose result was made by an earlier run'),
});
export type StageState = z.infer<typeof stageStateSchema>;

export const experimentStateSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  stages: z.array(stageStateSchema),
  plan: planOutput.nullable(),
  waitingFor: z.string().nullish().describe('What a person must do before the run can continue'),
  result: reportOutput.nullable(),
});
export type ExperimentState = z.infer<typeof experimentStateSchema>;

/** What a finished experiment returns. */
export const experimentResultSchema = reportOutput.extend({ run: z.string() });
export type ExperimentResult = z.infer<typeof experimentResultSchema>;
