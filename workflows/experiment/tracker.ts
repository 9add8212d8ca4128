import { isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { ExperimentState, StageState } from '../../schemas/experiment-state.ts';
import { scoreAttribute, stageAttribute } from '../../schemas/search-attributes.ts';
import { STAGES, type Stage } from '../../schemas/stages.ts';
import { noteSearchAttributes } from '../shared/search-attributes.ts';
import { details } from './details.ts';

export type StageTracker = ReturnType<typeof trackStages>;

/** Keeps the state that the query returns, and redraws the details page at every change. */
export function trackStages(params: { run: string; name: string }) {
  const state: ExperimentState = {
    ...params,
    stages: (Object.keys(STAGES) as Stage[]).map((stage) => ({
      stage,
      status: 'waiting',
      done: 0,
      of: 1,
      startedAt: null,
      endedAt: null,
      attempts: 0,
      cached: 0,
    })),
    plan: null,
    result: null,
  };
  const find = (stage: Stage) => state.stages.find((one) => one.stage === stage)!;

  function change(stage: Stage, values: Partial<StageState>) {
    Object.assign(find(stage), values);
    setCurrentDetails(details(state));
  }

  return {
    state,

    /** Runs a stage of `of` activities and records its times. */
    async stage<T>(stage: Stage, of: number, work: () => Promise<T>): Promise<T> {
      change(stage, { status: 'running', of, startedAt: now() });
      noteSearchAttributes(stageAttribute(stage));
      try {
        const result = await work();
        const { done } = find(stage);
        change(stage, { status: done === 0 && of > 0 ? 'failed' : 'done', endedAt: now() });
        return result;
      } catch (error) {
        change(stage, { status: isCancellation(error) ? 'skipped' : 'failed', endedAt: now() });
        throw error;
      }
    },

    /** Counts an activity of a stage when it starts and when it succeeds. */
    async count<T>(stage: Stage, activity: Promise<T>): Promise<T> {
      change(stage, { attempts: find(stage).attempts + 1 });
      const result = await activity;
      const { cachedFrom } = result as { cachedFrom?: string };
      const { done, cached } = find(stage);
      change(stage, { done: done + 1, cached: cached + (cachedFrom === undefined ? 0 : 1) });
      return result;
    },

    /** A stage that the settings leave out. */
    skip(stage: Stage) {
      change(stage, { status: 'skipped', of: 0 });
    },

    show(values: Partial<Pick<ExperimentState, 'plan' | 'result' | 'waitingFor'>>) {
      Object.assign(state, values);
      if (values.result) noteSearchAttributes(scoreAttribute(values.result.published));
      setCurrentDetails(details(state));
    },
  };
}

/** The workflow's own clock, which gives the same times in a replay. */
function now(): string {
  return new Date().toISOString();
}
