import { WorkflowNotFoundError } from '@temporalio/common';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import { openStore, storeUri } from '../../../storage/open-store.ts';
import { type Connected, connect } from '../../connect.ts';
import { experimentResult } from '../../experiment/experiment-result.ts';
import { readOutcome } from '../../experiment/read-outcome.ts';
import { startExperiment } from '../../experiment/start-experiment.ts';
import { watchExperiment } from '../../experiment/watch-experiment.ts';
import { serverOptions } from '../server/server-options.ts';
import { withEmbedded } from '../server/with-embedded.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { interruptedText } from '../terminal/interrupted-text.ts';
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

/** With the embedded server and workers, which end with this command unless another process keeps them. */
export async function runLocally({ config, options }: RunParams): Promise<void> {
  await withEmbedded({ options }, async ({ embedded, interrupted }) => {
    const connected = await embedded.connect();
    try {
      const run = await startOrFind({ connected, config, options });
      const { uiUrl, home, owned } = embedded;
      const uiLink = uiUrl === null ? null : `${uiUrl}/namespaces/${connected.namespace}/workflows/${run}`;
      if (uiLink !== null) console.error(`Temporal UI  ${uiLink}`);
      const keptIn = owned ? home.folder : null;
      await follow({ connected, run, uiLink, storeUri: home.storeUri, interrupted, keptIn, options });
    } finally {
      await connected.close();
    }
  });
}

/** On the cluster of the environment. Returns once the run has started, or with --watch at its end. */
export async function runOnCluster({ config, options }: RunParams): Promise<void> {
  const connected = await connect();
  try {
    const run = await startOrFind({ connected, config, options });
    if (!options.watch && options.resume === undefined) {
      if (options.json) console.log(JSON.stringify({ run }));
      else console.log(`Started. \`dpsynth run --resume ${run}\` follows it to its end.`);
      return;
    }
    const interrupted = new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
    await follow({
      connected,
      run,
      uiLink: null,
      storeUri: storeUri(process.env),
      interrupted,
      keptIn: null,
      options,
    });
  } finally {
    await connected.close();
  }
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

async function follow(params: {
  connected: Connected;
  run: string;
  uiLink: string | null;
  storeUri: string;
  interrupted: Promise<void>;
  /** The home whose server ends with this command. */
  keptIn: string | null;
  options: RunOptions;
}): Promise<void> {
  const { connected, run, interrupted, keptIn, options } = params;
  const { client } = connected;
  const handle = client.workflow.getHandle(run);
  const display = createProgressDisplay();
  const watch = new AbortController();
  try {
    const watched = watchExperiment({ client, handle, onView: display.update, signal: watch.signal });
    const gone = interrupted.then(() => {
      const again = `dpsynth run${serverOptions(options)} --resume ${run}`;
      throw new DpsynthError({
        type: ErrorType.Interrupted,
        message: interruptedText({ what: 'Run', id: run, again, keptIn, options }),
      });
    });
    await Promise.race([watched, gone]);
  } finally {
    watch.abort();
    display.stop();
  }
  const result = await experimentResult(handle);
  const withPrivate = showsPrivateScores(options, process.stdout);
  const outcome = await readOutcome({ result, store: await openStore(params.storeUri), withPrivate });
  if (options.json) {
    console.log(JSON.stringify(resultJson({ result, outcome, uiLink: params.uiLink })));
    return;
  }
  const labels = outcome.scores?.labels ?? [...new Set(outcome.records?.map(({ label }) => label))];
  const colors = colorsFor(process.stdout);
  const columns = Math.min(process.stdout.columns || 100, 120);
  console.log(resultText({ result, outcome, labels, uiLink: params.uiLink, colors, columns }));
}
