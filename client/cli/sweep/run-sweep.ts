import { describeCost } from '../../../schemas/sweep/describe-cost.ts';
import { rankTrials } from '../../../schemas/sweep/rank-trials.ts';
import type { SweepInput } from '../../../schemas/sweep/sweep.ts';
import type { SweepState } from '../../../schemas/sweep/sweep-state.ts';
import { openStore } from '../../../storage/open-store.ts';
import { createRunId } from '../../run-id.ts';
import { type ComparedCell, readComparison } from '../../sweep/read-comparison.ts';
import { startSweep } from '../../sweep/start-sweep.ts';
import { sweepResult } from '../../sweep/sweep-result.ts';
import { watchSweep } from '../../sweep/watch-sweep.ts';
import { loadSweep } from '../config/load-sweep.ts';
import { follow } from '../server/follow.ts';
import { serverOptions } from '../server/server-options.ts';
import { type Session, withSession } from '../server/with-session.ts';
import { colorsFor } from '../terminal/colors-for.ts';
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

/** Starts a sweep, or joins the one under way with this id, and follows it to its end. */
export async function runSweep({ path, options }: SweepParams): Promise<void> {
  const config = await loadSweep({ path, run: options.id ?? 'sweep', checkFiles: options.local === true });
  const id = options.id ?? createRunId({ name: config.name ?? 'sweep' });
  await withSession(options, async (session) => {
    const uiLink = session.uiLink(id);
    if (uiLink !== null) console.error(`Temporal UI  ${uiLink}`);
    await followSweep({ session, path, id, config, options });
  });
}

async function followSweep(params: {
  session: Session;
  path: string;
  id: string;
  config: SweepInput;
  options: SweepOptions;
}): Promise<void> {
  const { session, path, id, config, options } = params;
  const { client } = session.connected;
  const again = `dpsynth sweep ${path}${serverOptions(options)} --id ${id}`;
  const { handle, joined } = await startSweep({ client, config, id });
  console.error(`Sweep ${id}${joined ? ' continues' : ''}`);
  const { state: last } = await follow({
    session,
    display: createSweepDisplay(),
    watch: (watching) => watchSweep({ client, handle, ...watching }),
    interruption: { what: 'Sweep', id, again, options },
  });
  const ended = await sweepResult(handle).catch((error: unknown) => error as Error);
  const state = ended instanceof Error ? last : ended;
  // With --json only the error is printed.
  const isSilent = ended instanceof Error && options.json;
  if (state !== null && !isSilent) await show({ session, id, again, options, state });
  if (ended instanceof Error) throw ended;
}

async function show(params: {
  session: Session;
  id: string;
  again: string;
  options: SweepOptions;
  state: SweepState;
}): Promise<void> {
  const { session, id, options, state } = params;
  const withPrivate = showsPrivateScores(options, process.stdout);
  const store = await openStore(session.storeUri);
  const cells = await readComparison({ cells: state.cells, store, withPrivate });
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length > 0) process.exitCode = ExitCode.failed;
  if (options.json) {
    const cost = state.cost === undefined ? {} : { cost: state.cost };
    console.log(JSON.stringify({ sweep: state.sweep, cells, ...cost, ui: session.uiLink(id) }));
    return;
  }
  const colors = colorsFor(process.stdout);
  const lines = ['', 'Scores of a classifier trained on each corpus, on the real test set, with intervals'];
  lines.push(sweepTable({ cells: bestFirst(cells, state.objective), colors }));
  if (cells.some(({ internal }) => internal.length > 0))
    lines.push(
      colors.yellow('* internal, do not share: not covered by the DP mechanism, or on a private test set'),
    );
  if (!withPrivate && cells.some(({ scores }) => scores !== null))
    lines.push(
      colors.yellow(
        'This is not a terminal, so only results that may be shared are printed. --private-scores also prints the others and the cost of training.',
      ),
    );
  if (state.cost !== undefined) lines.push(...describeCost(state.cost));
  if (failed.length > 0)
    lines.push(colors.yellow(`${failed.length} failed. \`${params.again}\` runs only those again.`));
  console.log([...lines, ''].join('\n'));
}

/** Sorts the trials of a search by score; the cells of other sweeps keep their order. */
function bestFirst(
  cells: readonly ComparedCell[],
  objective: SweepState['objective'],
): readonly ComparedCell[] {
  if (objective === undefined) return cells;
  const places = new Map(rankTrials(cells, { objective }).map(({ run }, at) => [run, at]));
  const placeOf = ({ run }: ComparedCell) => places.get(run) ?? cells.length;
  return [...cells].sort((a, b) => placeOf(a) - placeOf(b));
}
