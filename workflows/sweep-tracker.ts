import { setCurrentDetails } from '@temporalio/workflow';
import type { ReportOutput } from '../schemas/activities.ts';
import type { Variant } from '../schemas/expand-sweep.ts';
import type { SweepCell, SweepState } from '../schemas/sweep-state.ts';
import { sweepDetails } from './sweep-details.ts';

export type SweepTracker = ReturnType<typeof trackSweep>;

/** Keeps the state that the query answers, and redraws the details page at every change of it. */
export function trackSweep(params: { sweep: string; name: string; variants: readonly Variant[] }) {
  const { sweep, name, variants } = params;
  const state: SweepState = {
    sweep,
    name,
    cells: variants.map((variant) => ({
      name: variant.name,
      run: variant.run,
      status: 'waiting',
      why: null,
      epsilon: variant.config.privacy.epsilon,
      startedAt: null,
      endedAt: null,
      earlier: false,
      training: null,
      published: null,
      scores: null,
      report: null,
    })),
  };

  function change(variant: Variant, values: Partial<SweepCell>) {
    Object.assign(state.cells.find(({ run }) => run === variant.run)!, values);
    setCurrentDetails(sweepDetails(state));
  }

  return {
    state,

    started(variant: Variant) {
      change(variant, { status: 'running', startedAt: now() });
    },

    done(variant: Variant, params: { result: ReportOutput; earlier: boolean }) {
      const { result, earlier } = params;
      change(variant, {
        status: 'done',
        endedAt: now(),
        earlier,
        training: result.training ?? null,
        published:
          result.published?.rows.map(({ source, mean, intervals }) => ({ source, mean, intervals })) ?? null,
        scores: result.scores,
        report: result.report,
      });
    },

    failed(variant: Variant, why: string) {
      change(variant, { status: 'failed', endedAt: now(), why });
    },
  };
}

/** The workflow's own clock, which replays alike. */
function now(): string {
  return new Date().toISOString();
}
