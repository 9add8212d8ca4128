import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { policySchema } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { setPolicy } from '../../storage/policy/policy-records.ts';
import { assertAllowed } from './assert-allowed.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-allowed-'));
  store = createFileStore({ root: join(root, 'store') });
  const policy = policySchema.parse({
    ledgers: [{ id: 'clinic', epsilon: 8, delta: 1e-6 }],
    sources: [{ source: join(root, 'clinic', '*'), ledger: 'clinic' }],
    otherSources: 'refuse',
  });
  await setPolicy({ store, policy, by: 'dpo@clinic' });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const allowed = (test: unknown) =>
  assertAllowed({
    store,
    config: parseExperiment({
      corpus: { source: join(root, 'clinic', 'notes.csv'), labels: ['a', 'b'], test },
      template: { form: 'prefix', task: 't' },
    }),
  });

test('a test source needs a rule of the policy as the corpus does, however it is written', async () => {
  await expect(allowed(undefined)).resolves.toBeUndefined();
  await expect(allowed(join(root, 'clinic', 'public.csv'))).resolves.toBeUndefined();
  await expect(allowed({ field: 'fold', value: 1 })).resolves.toBeUndefined();
  const others = [
    join(root, 'elsewhere.csv'),
    join(root, 'clinic', '..', 'elsewhere.csv'),
    's3://clinic/notes.csv',
    'sms-spam',
  ];
  for (const other of others)
    await expect(allowed(other)).rejects.toMatchObject({
      type: 'PolicyViolation',
      message: expect.stringContaining('corpus.test'),
    });
});
