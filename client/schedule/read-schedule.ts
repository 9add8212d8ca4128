import type { Client, ScheduleExecutionResult } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowType } from '../../schemas/names.ts';
import { type ResynthesisResult, resynthesisResultSchema } from '../../schemas/resynthesis.ts';
import { scheduleError } from './schedule-error.ts';

export type ListedSchedule = {
  id: string;
  mode: string;
  /** corpus.source */
  source: string;
  paused: boolean;
  /** Time of the next tick, ISO 8601, UTC; null if none is planned. */
  nextAt: string | null;
};

export type Tick = {
  /** ISO 8601, UTC. */
  at: string;
  workflow: string;
  /** Temporal's status, such as RUNNING, COMPLETED or FAILED; null if it no longer knows the workflow. */
  status: string | null;
  /** The result of a COMPLETED tick, otherwise null. */
  result: ResynthesisResult | null;
};

/** `ticks` are the last ten, newest first. */
export type ScheduleView = ListedSchedule & { note: string | null; ticks: Tick[] };

/** Lists the schedules of re-syntheses. A new schedule may take a moment to appear. */
export async function listSchedules({ client }: { client: Client }): Promise<ListedSchedule[]> {
  const listed: ListedSchedule[] = [];
  for await (const found of client.schedule.list())
    if (found.action?.workflowType === WorkflowType.resynthesis) listed.push(summary(found));
  return listed.sort((a, b) => a.id.localeCompare(b.id));
}

/** Reads a schedule with its last ticks. Throws InvalidConfig if there is no such schedule. */
export async function readSchedule(params: { client: Client; id: string }): Promise<ScheduleView> {
  const { client, id } = params;
  const found = await client.schedule
    .getHandle(id)
    .describe()
    .catch((error) => {
      throw scheduleError(id, error);
    });
  const ticks = await Promise.all(found.info.recentActions.map((action) => readTick(client, action)));
  return { ...summary(found), note: found.state.note || null, ticks: ticks.reverse() };
}

function summary(found: {
  scheduleId: string;
  memo?: Record<string, unknown>;
  state: { paused: boolean };
  info: { nextActionTimes: Date[] };
}): ListedSchedule {
  const { scheduleId: id, memo, state, info } = found;
  const [next] = info.nextActionTimes;
  return {
    id,
    mode: String(memo?.mode ?? ''),
    source: String(memo?.source ?? ''),
    paused: state.paused,
    nextAt: state.paused || next === undefined ? null : next.toISOString(),
  };
}

async function readTick(client: Client, { takenAt, action }: ScheduleExecutionResult): Promise<Tick> {
  const { workflowId, firstExecutionRunId } = action.workflow;
  const tick = { at: takenAt.toISOString(), workflow: workflowId };
  try {
    const handle = client.workflow.getHandle(workflowId, firstExecutionRunId);
    const status = (await handle.describe()).status.name;
    const result = status === 'COMPLETED' ? resynthesisResultSchema.parse(await handle.result()) : null;
    return { ...tick, status, result };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { ...tick, status: null, result: null };
    throw error;
  }
}
