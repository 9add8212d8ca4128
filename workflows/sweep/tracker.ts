import { setCurrentDetails } from '@temporalio/workflow';
import type { ReleasedTrials, ReportOutput } from '../../schemas/activities.ts';
import type { ExpandedSweep } from '../../schemas/sweep/expand-sweep.ts';
import { trialScore } from '../../schemas/sweep/rank-trials.ts';
import type { SweepCell, SweepCost, SweepState, TrialState } from '../../schemas/sweep/sweep-state.ts';
import { sweepDetails } from './details.ts';
import { judgeTrials, rungSizes } from './search-ladder.ts';

export type SweepTracker = ReturnType<typeof trackSweep>;

type CellStart = { name: string; run: string; epsilon: SweepCell['epsilon']; trial?: TrialState };

/**
 * Keeps the state that the query returns, and redraws the details page at every change. `carried` is the
 * state of the run of this workflow that this one continues.
 */
export function trackSweep(params: { sweep: string; expanded: ExpandedSweep; carried?: SweepState }) {
  const { sweep, expanded, carried } = params;
  const { name, search } = expanded;
  const state: SweepState = carried ?? {
    sweep,
    name,
    cells: search
      ? []
      : expanded.variants.map(({ name, run, config }) =>
          waiting({ name, run, epsilon: config.privacy.epsilon }),
        ),
    ...(search ? { objective: search.objective } : {}),
    paused: false,
    cost: { before: costBefore(expanded), after: null },
  };
  const redraw = () => setCurrentDetails(sweepDetails(state));
  const find = (run: string) => state.cells.find((cell) => cell.run === run)!;

  function change(run: string, values: Partial<SweepCell>) {
    Object.assign(find(run), values);
    redraw();
  }

  function ended(run: string, values: Partial<SweepCell>) {
    change(run, { ...values, endedAt: now() });
    const cell = find(run);
    const { trial } = cell;
    if (search === undefined || trial === undefined) return;
    for (const { run, verdict } of judgeTrials({ cells: state.cells, search, ended: { ...cell, trial } }))
      find(run).trial!.verdict = verdict;
    redraw();
  }

  return {
    state,

    /** Adds the cell of a trial that starts. */
    add(start: CellStart) {
      state.cells.push(waiting(start));
      change(start.run, { status: 'running', startedAt: now() });
    },

    /** Records the settings of a trial, once they are known. */
    tries(run: string, values: TrialState['values']) {
      change(run, { trial: { ...find(run).trial!, values } });
    },

    asks(run: string, epsilon: SweepCell['epsilon']) {
      change(run, { epsilon });
    },

    started(run: string) {
      change(run, { status: 'running', startedAt: now() });
    },

    done(run: string, params: { result: ReportOutput; earlier: boolean }) {
      const { result, earlier } = params;
      const { trial } = find(run);
      ended(run, {
        status: 'done',
        earlier,
        training: result.training ?? null,
        published:
          result.published?.rows.map(({ source, mean, intervals }) => ({ source, mean, intervals })) ?? null,
        scores: result.scores,
        report: result.report,
        ...(trial && search ? { trial: { ...trial, score: trialScore(result, search) } } : {}),
      });
    },

    failed(run: string, why: string) {
      ended(run, { status: 'failed', why });
    },

    /** Records that a person stopped the variant. */
    stopped(run: string) {
      ended(run, { status: 'stopped' });
    },

    released(releases: ReleasedTrials) {
      for (const { run, release } of releases) find(run).release = release;
      redraw();
    },

    show(values: Partial<Pick<SweepState, 'paused' | 'cost'>>) {
      Object.assign(state, values);
      redraw();
    },
  };
}

function waiting({ name, run, epsilon, trial }: CellStart): SweepCell {
  return {
    name,
    run,
    status: 'waiting',
    why: null,
    epsilon,
    startedAt: null,
    endedAt: null,
    earlier: false,
    training: null,
    published: null,
    scores: null,
    report: null,
    ...(trial ? { trial } : {}),
  };
}

/** The cost of a search assumes that each trial takes the largest epsilon of the space. */
function costBefore({ search, variants }: ExpandedSweep): SweepCost['before'] {
  const budgets = variants.flatMap(({ config: { privacy } }) =>
    privacy.epsilon === 'none' ? [] : [privacy.epsilon],
  );
  if (search !== undefined) {
    const trainings = rungSizes(search).reduce((sum, size) => sum + size, 0);
    return { trainings, epsilon: trainings * Math.max(...budgets), withoutPrivacy: 0 };
  }
  return {
    trainings: budgets.length,
    epsilon: budgets.reduce((sum, epsilon) => sum + epsilon, 0),
    withoutPrivacy: variants.length - budgets.length,
  };
}

/** The workflow's own clock, which gives the same times in a replay. */
function now(): string {
  return new Date().toISOString();
}
