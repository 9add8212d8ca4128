import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { EntryOutcome } from '../../schemas/ledger.ts';
import { LedgerUpdate, SWEEP_STATE_QUERY, WorkflowType } from '../../schemas/names.ts';
import { sweepStateSchema } from '../../schemas/sweep/sweep-state.ts';
import { updateLedger } from '../ledger/update-ledger.ts';

/** What a server knows of a run. `unknown`: it never had it, or it keeps no history that long. */
export type RunOnServer = {
  status: 'under way' | 'ended' | 'unknown';
  isSweep: boolean;
  /** What keeps the run under way, if that is not the run itself: the sweep or the tick of a schedule that it is a part of. */
  partOf?: string;
};

/** What forgetting a run needs of a Temporal server. */
export type ForgetServer = {
  look: (run: string) => Promise<RunOnServer>;
  /** The runs of a sweep, in its order. */
  runsOf: (sweep: string) => Promise<string[]>;
  /** Refunds a reservation, or charges it if anything of its stage was observed. */
  refund: (params: { ledger: string; id: string }) => Promise<unknown>;
};

/** Longer than a worker needs to read a ledger again, also from S3. */
const ANSWER_MS = 60_000;

/** Throws TemporalUnavailable where no worker answers for a sweep or a ledger. */
export function forgetServer(client: Client): ForgetServer {
  return {
    look: (run) => lookAt(client, run),
    runsOf: (sweep) =>
      inTime(`the sweep ${sweep}`, async () => {
        const state = await client.workflow.getHandle(sweep).query(SWEEP_STATE_QUERY);
        return sweepStateSchema.parse(state).cells.map(({ run }) => run);
      }),
    refund: ({ ledger, id }) =>
      inTime(`the ledger ${ledger}`, () =>
        updateLedger<EntryOutcome>({ client, ledger, update: LedgerUpdate.refund, request: { id } }),
      ),
  };
}

async function lookAt(client: Client, run: string): Promise<RunOnServer> {
  try {
    const { status, type, parentExecution } = await client.workflow.getHandle(run).describe();
    if (type === WorkflowType.ledger || type === WorkflowType.resynthesis)
      throw invalidConfig(`${run} is the workflow of a ${type}, not a run or a sweep.`);
    const isSweep = type === WorkflowType.sweep;
    if (status.name === 'RUNNING') return { status: 'under way', isSweep };
    // A tick asks what its version has shown, and gives the records back if that is nothing: it must find the checkpoints.
    const partOf = parentExecution?.workflowId ?? undefined;
    return partOf !== undefined && (await isRunning(client, partOf))
      ? { status: 'under way', isSweep, partOf }
      : { status: 'ended', isSweep };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'unknown', isSweep: false };
    throw error;
  }
}

/** Whatever run of this id is the newest: a long sweep goes on as a new one. */
async function isRunning(client: Client, id: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(id).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** An update waits for ever where no worker runs. One that comes after this is none the worse. */
async function inTime<T>(who: string, ask: () => Promise<T>): Promise<T> {
  const late = new AbortController();
  const asked = ask();
  asked.catch(() => {});
  try {
    return await Promise.race([asked, tooLate(who, late.signal)]);
  } finally {
    late.abort();
  }
}

async function tooLate(who: string, signal: AbortSignal): Promise<never> {
  await sleep(ANSWER_MS, undefined, { signal, ref: false }).catch(() => new Promise(() => {}));
  throw new DpsynthError({
    type: ErrorType.TemporalUnavailable,
    message: `No worker answers for ${who}. Start one for the role control (\`dpsynth up\`, \`dpsynth worker control\`); nothing was destroyed.`,
  });
}
