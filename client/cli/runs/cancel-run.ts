import { existsSync } from 'node:fs';
import { invalidConfig } from '../../../schemas/errors.ts';
import { WorkflowType } from '../../../schemas/names.ts';
import type { Connected } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { type CancelledRun, cancelAndWait } from '../../runs/cancel-and-wait.ts';
import { serverOptions } from '../server/server-options.ts';
import { orInterrupted, withSession } from '../server/with-session.ts';

export type CancelOptions = { local?: boolean; home?: string; json?: boolean };

type CancelParams = { id: string; options: CancelOptions };

/**
 * Cancels a run or a sweep, and waits until it has stopped. With --local the embedded server is started if it
 * is not running, with its workers, because only they can stop a run cleanly. Other unfinished runs of that
 * home continue meanwhile.
 */
export async function cancelRun({ id, options }: CancelParams): Promise<void> {
  if (options.local) assertServed(id, options);
  await withSession(options, async ({ connected, interrupted }) => {
    const work = cancel({ connected, id, options });
    if (!options.local) return work;
    const message = `Stopped waiting for ${id} to end. If it was asked to stop, it stops once workers are running.`;
    await orInterrupted({ work, interrupted: interrupted(), message });
  });
}

/** Throws InvalidConfig if no server has ever run for the home, so that none is started for nothing. */
function assertServed(id: string, { home }: CancelOptions): void {
  const { folder, database } = locateHome(home);
  if (!process.env.TEMPORAL_ADDRESS && !existsSync(database))
    throw invalidConfig(`There is no run or sweep ${id}: no server was ever started for ${folder}.`);
}

async function cancel(params: CancelParams & { connected: Connected }): Promise<void> {
  const { connected, id, options } = params;
  const cancelled = await cancelAndWait({
    client: connected.client,
    run: id,
    onAsked: () =>
      console.error(
        `Asked ${id} to stop. A training saves a checkpoint first; Ctrl-C only stops the waiting ...`,
      ),
  });
  const { run, type } = cancelled;
  console.log(
    options.json ? JSON.stringify({ run, type, status: 'CANCELLED' }) : cancelledText(cancelled, options),
  );
}

/** Says what was cancelled, and how to resume it. */
function cancelledText({ run, type, parent }: CancelledRun, options: CancelOptions): string {
  const goOn = (command: string, id: string) =>
    `\`dpsynth ${command} CONFIG${serverOptions(options)} --id ${id}\` with the same settings resumes it.`;
  if (type === WorkflowType.resynthesis)
    return `Cancelled the re-synthesis ${run}. The last version stays current, and the schedule continues.`;
  if (type === WorkflowType.sweep)
    return `Cancelled the sweep ${run} and its unfinished runs. ${goOn('sweep', run)}`;
  return parent === null
    ? `Cancelled the run ${run}. ${goOn('run', run)}`
    : `Cancelled the run ${run}. Its sweep or re-synthesis ${parent} counts it as failed.`;
}
