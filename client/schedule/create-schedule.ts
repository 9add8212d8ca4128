import { type Client, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { parseResynthesis } from '../../schemas/parse-resynthesis.ts';
import type { ResynthesisConfig, ResynthesisMode } from '../../schemas/resynthesis.ts';
import { attributesOfRun } from '../../schemas/search-attributes.ts';
import { assertSize } from '../assert-size.ts';
import { registeredAttributes } from '../registered-attributes.ts';
import { scheduleError } from './schedule-error.ts';
import { type ScheduleTimes, scheduleTimes } from './schedule-times.ts';

/**
 * Schedules the re-synthesis of a corpus: each tick makes the next version of the release `id`, if records
 * have changed. A tick is skipped while another one is running, and a tick that fails pauses the schedule.
 * Versions continue those of an earlier schedule with this id.
 * Throws InvalidConfig if the settings or times are not valid, or a schedule has this id.
 */
export async function createSchedule(params: {
  client: Client;
  id: string;
  config: ExperimentInput;
  times: ScheduleTimes;
  /** @default 'full' */
  mode?: ResynthesisMode;
}): Promise<ResynthesisConfig> {
  const { client, id, times } = params;
  const input = parseResynthesis({ release: id, mode: params.mode, experiment: params.config });
  const { mode, experiment } = input;
  assertSize('The experiment', input);
  const { source } = experiment.corpus;
  const attributes = await registeredAttributes(client, attributesOfRun({ config: experiment }));
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: scheduleTimes(times),
      policies: {
        overlap: ScheduleOverlapPolicy.SKIP,
        catchupWindow: '10 minutes',
        pauseOnFailure: true,
      },
      memo: { mode, source },
      action: {
        type: 'startWorkflow',
        workflowType: WorkflowType.resynthesis,
        workflowId: id,
        taskQueue: TaskQueue.control,
        args: [input],
        staticSummary: `${mode}: ${source}`.slice(0, 190),
        typedSearchAttributes: attributes,
      },
    });
  } catch (error) {
    throw scheduleError(id, error);
  }
  return input;
}
