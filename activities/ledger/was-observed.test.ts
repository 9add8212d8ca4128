import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DpStage } from '../../schemas/budget.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { wasAnyObserved, wasObserved } from './was-observed.ts';

const RUN = 'run';

/** All that a stage writes once it has computed with the records, and who else may not be charged for it. */
const TRACES: Record<DpStage, readonly string[]> = {
  finetune: [
    'checkpoints/0123abcd/00000001.ckpt',
    'adapter.safetensors',
    'finetune-diagnostics.json',
    'under-way/finetune',
  ],
  select: ['selected.jsonl', 'selection.json', 'under-way/select'],
  'classify-real-dp': [
    'scores/real-dp.json',
    'scores/real-dp.predictions.json',
    'scores/real-dp-0.5.json',
    'scores/real-dp-0.5.predictions.json',
    'under-way/classify-real-dp',
  ],
};

/** What stands in the folder of a run before it spends anything, and what others leave there. */
const NO_TRACES = [
  'run.key',
  'train.jsonl',
  'test.jsonl',
  'prepare-diagnostics.json',
  'steps/prepare.json',
  'steps/plan.json',
  'logs/finetune-1-1.txt',
  'errors/finetune-1-1.txt',
  'pool/00000.jsonl',
  'zero-shot/00000.jsonl',
  'scores/majority.json',
  'scores/real.json',
  'scores/real.predictions.json',
  'scores/zero-shot.json',
];

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-observed-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const leave = (name: string, run = RUN) =>
  store.put({ area: 'private', key: `${run}/${name}`, body: '', mediaType: 'text/plain' });
const stages = Object.keys(TRACES) as DpStage[];

describe('a stage that spends budget', () => {
  it.each(stages.flatMap((stage) => TRACES[stage].map((trace) => [stage, trace] as const)))(
    '%s counts as observed by %s alone, and no other stage does',
    async (stage, trace) => {
      expect(await wasAnyObserved({ store, run: RUN })).toBe(false);
      await leave(trace);
      for (const other of stages)
        expect(await wasObserved({ store, run: RUN, stage: other }), other).toBe(other === stage);
      expect(await wasAnyObserved({ store, run: RUN })).toBe(true);
    },
  );

  it('does not count as observed by what stands there without it, nor by what another run leaves', async () => {
    for (const name of NO_TRACES) await leave(name);
    for (const name of Object.values(TRACES).flat()) await leave(name, 'run-2');
    expect(await wasAnyObserved({ store, run: RUN })).toBe(false);
  });

  it('counts as observed if its name is not known', async () => {
    expect(await wasObserved({ store, run: RUN, stage: 'toString' })).toBe(true);
  });
});
