import { WorkflowNotFoundError } from '@temporalio/common';
import { invalidConfig } from '../../../schemas/errors.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import { openStore } from '../../../storage/open-store.ts';
import type { Connected } from '../../connect.ts';
import { experimentResult } from '../../experiment/experiment-result.ts';
import { readOutcome } from '../../experiment/read-outcome.ts';
import { startExperiment } from '../../experiment/start-experiment.ts';
import { watchExperiment } from '../../experiment/watch-experiment.ts';
import { follow } from '../server/follow.ts';
import { serverOptions } from '../server/server-options.ts';
import { type Session, withSession } from '../server/with-session.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { showsPrivateScores } from '../terminal/shows-private-scores.ts';
import { createProgressDisplay } from './progress-display.ts';
import { resultJson, resultText } from './result-display.ts';

export type RunOptions = {
  local?: boolean;
  watch?: boolean;
  resume?: string;
  id?: string;
  home?: string;
  port?: number;
  uiPort?: number;
  json?: boolean;
  privateScores?: boolean;
};

type RunParams = { config: ExperimentConfig | null; options: RunOptions };

/** Starts a run, or finds the one to resume. Follows it to its end with --local, --watch or --resume. */
export async function runExperiment({ config, options }: RunParams): Promise<void> {
  await withSession(options, async (session) => {
    const run = await startOrFind({ connected: session.connected, config, options });
    const uiLink = session.uiLink(run);
    if (uiLink !== null) console.error(`Temporal UI  ${uiLink}`);
    if (options.local || options.watch || options.resume !== undefined)
      await followRun({ session, run, options });
    else if (options.json) console.log(JSON.stringify({ run }));
    else console.log(`Started. \`dpsynth run --resume ${run}\` follows it to its end.`);
  });
}

async function startOrFind(params: RunParams & { connected: Connected }): Promise<string> {
  const { connected, config, options } = params;
  if (config === null) {
    const run = options.resume ?? '';
    try {
      await connected.client.workflow.getHandle(run).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError)
        throw invalidConfig(`There is no run ${run} at ${connected.address}.`);
      throw error;
    }
    return run;
  }
  const { run } = await startExperiment({ client: connected.client, config, id: options.id });
  console.error(`Run ${run}`);
  return run;
}

async function followRun(params: { session: Session; run: string; options: RunOptions }): Promise<void> {
  const { session, run, options } = params;
  const { client } = session.connected;
  const handle = client.workflow.getHandle(run);
  const again = `dpsynth run${serverOptions(options)} --resume ${run}`;
  await follow({
    session,
    display: createProgressDisplay(),
    watch: (watching) => watchExperiment({ client, handle, ...watching }),
    interruption: { what: 'Run', id: run, again, options },
  });
  const result = await experimentResult(handle);
  const withPrivate = showsPrivateScores(options, process.stdout);
  const outcome = await readOutcome({ result, store: await openStore(session.storeUri), withPrivate });
  const uiLink = session.uiLink(run);
  if (options.json) {
    console.log(JSON.stringify(resultJson({ result, outcome, uiLink })));
    return;
  }
  const labels = outcome.scores?.labels ?? [...new Set(outcome.records?.map(({ label }) => label))];
  const colors = colorsFor(process.stdout);
  const columns = Math.min(process.stdout.columns || 100, 120);
  console.log(resultText({ result, outcome, labels, uiLink, colors, columns }));
}
