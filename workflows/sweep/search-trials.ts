import { assertScoresMayBeKnown, trialName } from '../../schemas/sweep/expand-search.ts';
import { type ExpandedSweep, trialVariant } from '../../schemas/sweep/expand-sweep.ts';
import { trialCells } from '../../schemas/sweep/rank-trials.ts';
import { isMaximized, type SearchConfig, type TrialValues } from '../../schemas/sweep/search.ts';
import { sweepSchema } from '../../schemas/sweep/sweep.ts';
import { control } from '../shared/activity-proxies.ts';
import { runVariant } from './run-variant.ts';
import { nextTrial } from './search-ladder.ts';
import type { SweepSteering } from './steering.ts';
import type { SweepTracker } from './tracker.ts';
import type { SweepWork } from './work.ts';

/** Returns the trials of a search, one at a time for each lane that asks. */
export function searchTrials(params: {
  input: unknown;
  expanded: ExpandedSweep;
  search: SearchConfig;
  tracker: SweepTracker;
  steering: SweepSteering;
  holdsBack: boolean;
}): SweepWork {
  const { expanded, search, tracker, steering, holdsBack } = params;
  const { state } = tracker;
  const sweep = sweepSchema.parse(params.input);
  const [{ config: corner }] = expanded.variants;

  return {
    next: () => {
      const trial = nextTrial(state.cells, search);
      return typeof trial === 'string' ? trial : () => runTrial(trial);
    },
  };

  async function runTrial({ index, rung }: { index: number; rung: number }): Promise<void> {
    const name = trialName({ index, rung }, search);
    const run = `${state.sweep}-${name}`;
    const before = valuesOf(index);
    const trial = { index, rung, values: {}, score: null, verdict: null };
    tracker.add({ name, run, epsilon: corner.privacy.epsilon, trial });
    const values = before ?? (await propose(index, name));
    tracker.tries(run, values);
    const variant = () => {
      const made = trialVariant({ sweep, run: state.sweep, place: { index, rung, values } });
      assertScoresMayBeKnown(made.config, search);
      tracker.asks(run, made.config.privacy.epsilon);
      return made;
    };
    await runVariant({ run, variant, tracker, steering, holdsBack });
  }

  function valuesOf(index: number): TrialValues | undefined {
    return trialCells(state.cells).find(({ trial }) => trial.index === index)?.trial.values;
  }

  function propose(index: number, name: string): Promise<TrialValues> {
    const { method, seed, space } = search;
    const seen = trialCells(state.cells).filter(({ trial }) => trial.rung === 0 && trial.index < index);
    return control.proposeTrial.executeWithOptions({ activityId: `propose-${name}`, summary: name }, [
      {
        sweep: state.sweep,
        search: { method, seed, space },
        maximize: isMaximized(search),
        index,
        // Every trial was on the first rung, with the same resource. A trial without known values
        // says nothing yet.
        trials:
          method === 'random'
            ? []
            : seen
                .filter(({ trial }) => Object.keys(trial.values).length > 0)
                .map(({ trial: { values, score } }) => ({ values, score })),
      },
    ]);
  }
}
