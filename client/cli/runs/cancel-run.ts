import { existsSync } from 'node:fs';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import { WorkflowType } from '../../../schemas/names.ts';
import { type Connected, connect } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { type CancelledRun, cancelAndWait } from '../../runs/cancel-and-wait.ts';
import { serverOptions } from '../server/server-options.ts';
import { withEmbedded } from '../server/with-embedded.ts';

export type CancelOptions = { local?: boolean; home?: string; json?: boolean };

type CancelParams = { id: string; options: CancelOptions };

/**
 * By the embedded server of the home. Where none runs it is brought up with its workers, which alone can stop a run in
 * order; other runs that are kept there go on for that moment.
 */
export async function cancelLocally({ id, options }: CancelParams): Promise<void> {
  const { folder, database } = locateHome(options.home);
  if (!process.env.TEMPORAL_ADDRESS && !existsSync(database))
    throw invalidConfig(`There is no run or sweep ${id}: no server has ever run for ${folder}.`);
  await withEmbedded({ options }, async ({ embedded, interrupted }) => {
    const connected = await embedded.connect();
    try {
      const gone = interrupted.then(() => {
        throw new DpsynthError({
          type: ErrorType.Interrupted,
          message: `No longer waiting for the end of ${id}. Once asked, it stops where workers run.`,
        });
      });
      await Promise.race([cancel({ connected, id, options }), gone]);
    } finally {
      await connected.close();
    }
  });
}

/** By the cluster of the environment, whose workers stop it. */
export async function cancelOnCluster({ id, options }: CancelParams): Promise<void> {
  const connected = await connect();
  try {
    await cancel({ connected, id, options });
  } finally {
    await connected.close();
  }
}

async function cancel(params: CancelParams & { connected: Connected }): Promise<void> {
  const { connected, id, options } = params;
  const cancelled = await cancelAndWait({
    client: connected.client,
    run: id,
    onAsked: () =>
      console.error(
        `Asked ${id} to stop; a training saves a checkpoint first (Ctrl-C ends only the waiting) ...`,
      ),
  });
  const { run, type } = cancelled;
  console.log(
    options.json ? JSON.stringify({ run, type, status: 'CANCELLED' }) : cancelledText(cancelled, options),
  );
}

/** What was cancelled, and how to go on with it. */
function cancelledText({ run, type, parent }: CancelledRun, options: CancelOptions): string {
  const goOn = (command: string, id: string) =>
    `\`dpsynth ${command} CONFIG${serverOptions(options)} --id ${id}\` with the same settings goes on from what is done.`;
  if (type === WorkflowType.resynthesis)
    return `Cancelled the re-synthesis ${run}. The last version stays the current one, and its schedule goes on.`;
  if (type === WorkflowType.sweep)
    return `Cancelled the sweep ${run} and its runs under way. ${goOn('sweep', run)}`;
  return parent === null
    ? `Cancelled the run ${run}. ${goOn('run', run)}`
    : `Cancelled the run ${run}. ${parent}, which it is a part of, counts it as failed.`;
}
