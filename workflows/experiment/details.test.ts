import { describe, expect, it } from 'vitest';
import type { ExperimentState } from '../../schemas/experiment-state.ts';
import { details } from './details.ts';

const state: ExperimentState = {
  run: 'r',
  name: 'a|b\nc<img>',
  stages: [
    {
      stage: 'prepare',
      status: 'done',
      done: 1,
      of: 1,
      startedAt: '2026-01-01T10:00:00.000Z',
      endedAt: '2026-01-01T10:00:01.500Z',
      attempts: 1,
      cached: 0,
    },
    {
      stage: 'finetune',
      status: 'running',
      done: 0,
      of: 1,
      startedAt: '2026-01-01T10:00:02.000Z',
      endedAt: null,
      attempts: 1,
      cached: 0,
    },
  ],
  plan: null,
  result: null,
};

describe('details', () => {
  it('shows each stage with its state and time', () => {
    const lines = details(state).split('\n');
    expect(lines).toContain('| Prepare the corpus | done | 1 of 1 | 1.5 s |');
    expect(lines).toContain('| Fine-tune under DP | running | 0 of 1 | since 10:00:02 UTC |');
  });

  it('leaves out stages that were not requested, and begins with what a person must do', () => {
    const skipped = { ...state.stages[1], stage: 'proxies', status: 'skipped', done: 0 } as const;
    const stages = [state.stages[0], { ...skipped, of: 0 }];
    const lines = details({ ...state, stages, waitingFor: 'approval of finetune' }).split('\n');
    expect(lines[2]).toBe('**Waiting for** approval of finetune');
    expect(lines.filter((line) => line.startsWith('| ')).slice(2)).toEqual([
      '| Prepare the corpus | done | 1 of 1 | 1.5 s |',
    ]);
    expect(details({ ...state, stages: [{ ...skipped, of: 1 }] })).toContain('Measure proxies');
  });

  it("keeps a name's markup from breaking out of its line", () => {
    expect(details(state).split('\n')[0]).toBe('### a b c img ');
  });

  it('says plainly that a run without privacy is not private', () => {
    const mechanism = {
      private: false,
      records: 20,
      expectedBatchSize: 4,
      samplingRate: 0.2,
      steps: 4,
      clippingNorm: null,
      noiseMultiplier: 0,
      delta: null,
      epsilon: null,
    } as const;
    const plan = { mechanism, trainableParameters: 10, noiseToClippingRatio: 0, warnings: [] };
    expect(details({ ...state, plan })).toContain('**NOT PRIVATE**');
  });
});
