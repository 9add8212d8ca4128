import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { wasObserved } from '../../../activities/ledger/was-observed.ts';
import { formatRecords } from '../../../engine/data/records-file.ts';
import { hubConfig } from '../../../engine/language-model/export/hub-config.ts';
import { llama } from '../../../engine/language-model/families/llama.ts';
import { encodeSafetensors } from '../../../engine/language-model/safetensors-writer.ts';
import { TINY_CONFIG, tinyCheckpoint } from '../../../engine/language-model/tiny-checkpoint.fixture.ts';
import { weightSpecs } from '../../../engine/language-model/weights.ts';
import { planMechanism } from '../../../engine/privacy/mechanism-plan.ts';
import { hasFrozenMatMul } from '../../../engine/tensor/native-kernels.ts';
import { ErrorType } from '../../../schemas/errors.ts';
import type { JobOf } from '../../../schemas/jobs.ts';
import type { MechanismPlanData } from '../../../schemas/privacy.ts';
import { trainingSchema } from '../../../schemas/settings/training.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import type { JobContext } from '../job-context.ts';
import { runFinetune } from './finetune.ts';

let folder: string;
let context: JobContext;
let base: JobOf<'finetune'>;
let other: { train: JobOf<'finetune'>['train']; model: string };

/** The tiny model as a folder of the hub's form. */
async function writeModel(at: string): Promise<void> {
  const source = tinyCheckpoint();
  const tensors = await Promise.all(
    weightSpecs(TINY_CONFIG).map(async ({ name }) => {
      const { tensor, transposed } = llama.locate(name, TINY_CONFIG);
      const { shape, values } = await source.read(name);
      return { name: tensor, shape: transposed ? shape.toReversed() : shape, values };
    }),
  );
  const tokenizer = {
    added_tokens: [{ id: 3, content: '<|endoftext|>', special: true }],
    normalizer: null,
    post_processor: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b']] },
  };
  await mkdir(at);
  await writeFile(join(at, 'config.json'), JSON.stringify(hubConfig(TINY_CONFIG)));
  await writeFile(join(at, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(at, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|endoftext|>' }));
  await writeFile(join(at, 'model.safetensors'), encodeSafetensors({ tensors }));
}

function planOf(change: { clippingNorm?: number; noiseMultiplier?: number; steps?: number } = {}) {
  const { clippingNorm = 0.5, noiseMultiplier = 1, steps = 2 } = change;
  const sizes = { records: 60, expectedBatchSize: 6, delta: 1e-3 };
  const plan: MechanismPlanData = planMechanism({
    ...sizes,
    steps,
    clippingNorm,
    target: { noiseMultiplier },
  });
  return plan;
}

async function putTrain(key: string, end: string): Promise<JobOf<'finetune'>['train']> {
  const records = Array.from({ length: 60 }, (_, i) => ({
    text: `${'ab'.repeat(1 + (i % 5))}${end}`,
    label: i % 2 ? 'a' : 'b',
  }));
  const body = formatRecords(records);
  return context.store.put({ area: 'private', key, body, mediaType: 'application/jsonl' });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-finetune-'));
  const store = createFileStore({ root: join(folder, 'store') });
  context = { store, onProgress: () => {}, signal: new AbortController().signal };
  const [model, copy] = [join(folder, 'model'), join(folder, 'copy')];
  await writeModel(model);
  await cp(model, copy, { recursive: true });
  base = {
    kind: 'finetune',
    store: store.uri,
    run: 'run-1',
    model,
    template: { form: 'prefix', task: 'ab' },
    train: await putTrain('run-1/train.jsonl', 'a'),
    training: trainingSchema.parse({ expectedBatchSize: 6, steps: 2, maxTokens: 8 }),
    plan: planOf(),
    seed: 1,
    microBatch: 8,
  };
  other = { train: await putTrain('run-1/other.jsonl', 'b'), model: copy };
});

afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

type Digests = { draw: string; noise: string; steps: number };

/** The private diagnostics of one attempt, with digests of its draws and its noise. */
async function diagnosticsOf(job: JobOf<'finetune'>): Promise<{ precision: string; digests: Digests }> {
  const { diagnostics, precision } = await runFinetune(job, context);
  const told = JSON.parse((await context.store.read(diagnostics)).toString());
  expect(told.precision).toBe(precision);
  return told;
}

const digestsOf = async (job: JobOf<'finetune'>) => (await diagnosticsOf(job)).digests;

const training = (change: object) => ({ training: trainingSchema.parse({ ...base.training, ...change }) });

const DECISIVE: Record<string, () => Partial<JobOf<'finetune'>>> = {
  'the model': () => ({ model: other.model }),
  'the template': () => ({ template: { form: 'prefix', task: 'ba' } }),
  'the records': () => ({ train: other.train }),
  'the seed': () => ({ seed: 2 }),
  'the clipping norm': () => ({ plan: planOf({ clippingNorm: 0.4 }) }),
  'the noise multiplier': () => ({ plan: planOf({ noiseMultiplier: 1.1 }) }),
  'the adapter': () => training({ adapter: { method: 'lora', rank: 2 } }),
  'the optimizer': () => training({ optimizer: { kind: 'sgd' } }),
  'the learning rate': () => training({ learningRate: { peak: 0.01 } }),
  'the objective': () => training({ objective: 'full' }),
  'the target tokens': () => training({ maxTokens: 7 }),
  'the normalisation of the loss': () => training({ lossNormalisation: 'sum' }),
  'the averaging': () => training({ averaging: 0.5 }),
};

test.each(Object.keys(DECISIVE))(
  'an attempt with another setting of %s shares neither draws nor noise with those before it',
  async (setting) => {
    const [before, after] = [await digestsOf(base), await digestsOf({ ...base, ...DECISIVE[setting]() })];
    expect(after.steps).toBe(before.steps);
    expect(after.draw).not.toBe(before.draw);
    expect(after.noise).not.toBe(before.noise);
  },
);

test('an attempt that differs in its physical course alone repeats draws and noise', async () => {
  const before = await digestsOf(base);
  await rm(join(folder, 'store/private/run-1/checkpoints'), { recursive: true });
  const course = { microBatch: 3, ...training({ microBatch: 4, recompute: 'on', checkpointEvery: 1 }) };
  expect(await digestsOf({ ...base, ...course })).toEqual(before);
});

test('every file that a training leaves counts as a trace of it, so that its budget is not refunded', async () => {
  const run = 'run-traces';
  await diagnosticsOf({ ...base, run });
  const left = await context.store.list({ area: 'private', key: run });
  const traces = left.filter((key) => key !== `${run}/run.key`);
  expect(traces).toHaveLength(3);
  for (const key of traces) {
    const store = { ...context.store, list: async () => [key] };
    expect(await wasObserved({ store, run, stage: 'finetune' }), key).toBe(true);
  }
});

test('another run of the same settings has another key', async () => {
  const before = await digestsOf(base);
  const after = await digestsOf({ ...base, run: 'run-2' });
  expect(after.draw).not.toBe(before.draw);
  expect(after.noise).not.toBe(before.noise);
});

const precise = (precision: string, change: object = {}) => ({
  ...base,
  run: 'run-precision',
  ...training({ precision, ...change }),
});
const checkpoints = () => context.store.list({ area: 'private', key: 'run-precision/checkpoints' });

test.runIf(hasFrozenMatMul())(
  'an attempt of another precision resumes no checkpoint and shares neither draws nor noise, whatever the setting says',
  async () => {
    const before = await diagnosticsOf(precise('auto'));
    expect(before.precision).toBe('bfloat16');
    expect(await diagnosticsOf(precise('bfloat16'))).toEqual(before);
    expect(await checkpoints()).toHaveLength(1);
    // The same settings on a machine without the instruction.
    vi.stubEnv('DPSYNTH_BFLOAT16', 'off');
    const after = await diagnosticsOf(precise('auto'));
    expect(after.precision).toBe('float32');
    expect(after.digests.steps).toBe(before.digests.steps);
    expect(after.digests.draw).not.toBe(before.digests.draw);
    expect(after.digests.noise).not.toBe(before.digests.noise);
    expect(await checkpoints()).toHaveLength(2);
    vi.unstubAllEnvs();
    expect(await diagnosticsOf(precise('float32'))).toEqual(after);
    expect(await checkpoints()).toHaveLength(2);
  },
);

test('bfloat16 is refused where nothing multiplies it, before a record is read', async () => {
  vi.stubEnv('DPSYNTH_BFLOAT16', 'off');
  await expect(runFinetune(precise('bfloat16'), context)).rejects.toMatchObject({
    type: ErrorType.InvalidConfig,
    message: expect.stringContaining('training.precision'),
  });
});

test('full fine-tuning, which freezes nothing, stays in float32', async () => {
  const { precision } = await diagnosticsOf(precise('auto', { adapter: { method: 'full' } }));
  expect(precision).toBe('float32');
});
