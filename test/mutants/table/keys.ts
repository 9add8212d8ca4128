import type { Mutant } from '../mutant.ts';

const KEY = 'engine/privacy/run-key.test.ts';
const OPENED = 'workers/compute/run-key.test.ts';

export const KEYS: Mutant[] = [
  {
    name: 'keys: from Math.random',
    file: 'engine/privacy/run-key.ts',
    from: 'return runKeyFromBytes(randomBytes(KEY_BYTES));',
    to:
      'return runKeyFromBytes(Uint8Array.from({ length: KEY_BYTES }, () => Math.floor(256 * ' +
      'Math.random())));',
    test: { file: KEY },
    why: 'Draws and noise could be predicted.',
  },
  {
    name: 'keys: from the clock',
    file: 'engine/privacy/run-key.ts',
    from: 'return runKeyFromBytes(randomBytes(KEY_BYTES));',
    to: "return runKeyFromBytes(createHmac('sha256', randomBytes(4)).update(String(Date.now())).digest());",
    test: { file: KEY },
    why: 'Draws and noise could be guessed.',
  },
  {
    name: 'keys: one for all runs',
    file: 'engine/privacy/run-key.ts',
    from: 'return runKeyFromBytes(randomBytes(KEY_BYTES));',
    to: 'return runKeyFromBytes(new Uint8Array(KEY_BYTES).fill(randomBytes(1).length));',
    test: { file: KEY },
    why: 'Runs would share draws and noise.',
  },
  {
    name: 'keys: shown when printed',
    file: 'engine/privacy/run-key.ts',
    from: 'enumerable: false',
    to: 'enumerable: true',
    test: { file: KEY, name: 'printed' },
    why: 'A key in a log undoes the privacy of its run.',
  },
  {
    name: 'keys: not bound to what is trained',
    file: 'engine/privacy/run-key.ts',
    from: "return runKeyFromBytes(createHmac('sha256', key[keyBrand]).update(training).digest());",
    to: 'return runKeyFromBytes(training === null ? randomBytes(32) : key[keyBrand]);',
    test: { file: OPENED },
    why: 'Other settings of a run would share draws and noise with it.',
  },
  {
    name: 'keys: another one for each attempt',
    file: 'activities/run-secret.ts',
    from: 'const key = newRunKey();',
    to: 'const key = newRunKey();\n  await store.remove(path);\n  return newRunKey();',
    test: { file: OPENED },
    why: 'A step that is repeated would be a second release.',
  },
  {
    name: 'keys: kept after the release',
    file: 'activities/report/destroy-secrets.ts',
    from: 'await store.remove(runKey);',
    to: '',
    test: { file: 'activities/report/destroy-secrets.test.ts' },
    why: 'Whoever finds the key can compute the noise again.',
  },
  {
    name: 'keys: checkpoints of other settings',
    file: 'workers/compute/checkpoints.ts',
    from: 'runLayout(run).checkpointsOf(training);',
    to: 'runLayout(run).checkpoints;',
    test: { file: OPENED, name: 'checkpoint of other settings' },
    why: 'Training would go on under a plan that did not account for it.',
  },
  {
    name: 'keys: in a core dump',
    file: 'workers/compute/without-core-dumps.ts',
    from: 'ulimit -c 0;',
    to: ':;',
    test: { file: 'workers/compute/run-job.test.ts', name: 'core dump' },
    why: 'A crash would write key and records to a disk.',
  },
  {
    name: 'keys: credentials for every child',
    file: 'workers/compute/child-environment.ts',
    from: "usesS3(job) ? [...PREFIXES, 'AWS_'] : PREFIXES",
    to: "job === null ? PREFIXES : [...PREFIXES, 'AWS_']",
    test: { file: 'workers/compute/run-job.test.ts', name: 'no credentials' },
    why: 'A child gets only what its job needs.',
  },
];
