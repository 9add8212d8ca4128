import { describeCost } from '../../../schemas/describe-cost.ts';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { rankTrials } from '../../../schemas/rank-trials.ts';
import type { SweepInput } from '../../../schemas/sweep.ts';
import type { SweepState } from '../../../schemas/sweep-state.ts';
import { openStore, storeUri } from '../../../storage/open-store.ts';
import { type Connected, connect } from '../../connect.ts';
import { createRunId } from '../../run-id.ts';
import { type ComparedCell, readComparison } from '../../sweep/read-comparison.ts';
import { startSweep } from '../../sweep/start-sweep.ts';
import { sweepResult } from '../../sweep/sweep-result.ts';
import { watchSweep } from '../../sweep/watch-sweep.ts';
import { loadSweep } from '../config/load-sweep.ts';
import { serverOptions } from '../server/server-options.ts';
import { withEmbedded } from '../server/with-embedded.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { interruptedText } from '../terminal/interrupted-text.ts';
import { ExitCode } from '../terminal/report-error.ts';
import { showsPrivateScores } from '../terminal/shows-private-scores.ts';
import { createSweepDisplay } from './sweep-progress.ts';
import { sweepTable } from './sweep-table.ts';

export type SweepOptions = {
  local?: boolean;
  id?: string;
  home?: string;
  port?: number;
  uiPort?: number;
  json?: boolean;
  privateScores?: boolean;
};

type SweepParams = { path: string; options: SweepOptions };

/** With the embedded server and workers, which end with this command unless another process keeps them. */
export async function sweepLocally({ path, options }: SweepParams): Promise<void> {
  const { id, config } = await load({ path, options, checkFiles: true });
  await withEmbedded({ options }, async ({ embedded, interrupted }) => {
    const connected = await embedded.connect();
    try {
      const { uiUrl, home, owned } = embedded;
      const uiLink = uiUrl === null ? null : `${uiUrl}/namespaces/${connected.namespace}/workflows/${id}`;
      if (uiLink !== null) console.error(`Temporal UI  ${uiLink}`);
      await follow({
        connected,
        path,
        id,
        config,
        uiLink,
        storeUri: home.storeUri,
        interrupted,
        keptIn: owned ? home.folder : null,
        options,
      });
    } finally {
      await connected.close();
    }
  });
}

/** On the cluster of the environment. Ctrl-C ends the watching; the sweep goes on. */
export async function sweepOnCluster({ path, options }: SweepParams): Promise<void> {
  const { id, config } = await load({ path, options, checkFiles: false });
  const connected = await connect();
  try {
    const interrupted = new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
    await follow({
      connected,
      path,
      id,
      config,
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

async function load(
  params: SweepParams & { checkFiles: boolean },
): Promise<{ id: string; config: SweepInput }> {
  const { path, options, checkFiles } = params;
  const config = await loadSweep({ path, run: options.id ?? 'sweep', checkFiles });
  return { id: options.id ?? createRunId({ name: config.name ?? 'sweep' }), config };
}

async function follow(params: {
  connected: Connected;
  path: string;
  id: string;
  config: SweepInput;
  uiLink: string | null;
  storeUri: string;
  interrupted: Promise<void>;
  /** The home whose server ends with this command. */
  keptIn: string | null;
  options: SweepOptions;
}): Promise<void> {
  const { connected, path, id, config, interrupted, keptIn, options } = params;
  const { client } = connected;
  const again = `dpsynth sweep ${path}${serverOptions(options)} --id ${id}`;
  const { handle, joined } = await startSweep({ client, config, id });
  console.error(`Sweep ${id}${joined ? ' goes on' : ''}`);
  const display = createSweepDisplay();
  const watch = new AbortController();
  let last: SweepState | null = null;
  try {
    const watched = watchSweep({ client, handle, onView: display.update, signal: watch.signal });
    const gone = interrupted.then(() => {
      throw new DpsynthError({
        type: ErrorType.Interrupted,
        message: interruptedText({ what: 'Sweep', id, again, keptIn, options }),
      });
    });
    last = (await Promise.race([watched, gone])).state;
  } finally {
    watch.abort();
    display.stop();
  }
  const ended = await sweepResult(handle).catch((error: unknown) => error as Error);
  const state = ended instanceof Error ? last : ended;
  // With --json the error is the one object that is printed.
  const isSilent = ended instanceof Error && options.json;
  if (state !== null && !isSilent) await show({ ...params, again, state });
  if (ended instanceof Error) throw ended;
}

async function show(params: {
  state: SweepState;
  storeUri: string;
  uiLink: string | null;
  again: string;
  options: SweepOptions;
}): Promise<void> {
  const { state, uiLink, options } = params;
  const withPrivate = showsPrivateScores(options, process.stdout);
  const store = await openStore(params.storeUri);
  const cells = await readComparison({ cells: state.cells, store, withPrivate });
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length > 0) process.exitCode = ExitCode.failed;
  if (options.json) {
    const cost = state.cost === undefined ? {} : { cost: state.cost };
    console.log(JSON.stringify({ sweep: state.sweep, cells, ...cost, ui: uiLink }));
    return;
  }
  const colors = colorsFor(process.stdout);
  const lines = [
    '',
    'Scores on the real test set of a classifier that was trained on each corpus, with intervals',
  ];
  lines.push(sweepTable({ cells: bestFirst(cells, state.objective), colors }));
  if (cells.some(({ internal }) => internal.length > 0))
    lines.push(
      colors.yellow(
        '* internal, not to be shared: not covered by the DP mechanism, or on a private test set',
      ),
    );
  if (!withPrivate && cells.some(({ scores }) => scores !== null))
    lines.push(
      colors.yellow(
        'Only what may be shared is printed here: this is not a terminal. --private-scores prints the other scores and what training took.',
      ),
    );
  if (state.cost !== undefined) lines.push(...describeCost(state.cost));
  if (failed.length > 0)
    lines.push(
      colors.yellow(`${failed.length} failed. \`${params.again}\` tries them again, and only them.`),
    );
  console.log([...lines, ''].join('\n'));
}

/** The trials of a search by their scores; others as they stand. */
function bestFirst(
  cells: readonly ComparedCell[],
  objective: SweepState['objective'],
): readonly ComparedCell[] {
  if (objective === undefined) return cells;
  const places = new Map(rankTrials(cells, { objective }).map(({ run }, at) => [run, at]));
  const placeOf = ({ run }: ComparedCell) => places.get(run) ?? cells.length;
  return [...cells].sort((a, b) => placeOf(a) - placeOf(b));
}
