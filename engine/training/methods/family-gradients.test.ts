import { expect, test } from 'vitest';
import { loraSchema, promptSchema } from '../../../schemas/settings/training.ts';
import {
  type FamilyFixture,
  familyFixture,
  fixtureSource,
  formulaNumbers,
  formulaTensor,
} from '../../language-model/families/family.fixture.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { loadLanguageModel } from '../../language-model/load-language-model.ts';
import { FAMILIES, matricesOf } from '../../language-model/model-config.ts';
import { tf } from '../../tensor/tensorflow.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { fullMethod } from './full.ts';
import { loraMethod } from './lora.ts';
import type { RecordGradients, TrainingMethod } from './method.ts';
import { promptMethod } from './prompt.ts';

const LOSS = { lossNormalisation: 'mean', maxTokens: 40 } as const;

/** Returns the gradient of each record for each parameter tensor, from one micro-batch of all records. */
function gradientsByRecord(
  method: TrainingMethod<EncodedRecord>,
  gradients: RecordGradients,
): Map<string, Float32Array>[] {
  const records = gradients.losses.length;
  return Array.from({ length: records }, (_, record) => {
    const factors = new Float32Array(records * method.groups);
    factors.fill(1, record * method.groups, (record + 1) * method.groups);
    const sums = gradients.sum(factors);
    const byName = method.parameters.map(
      ({ name }, i) => [name, sums[i].dataSync() as Float32Array] as const,
    );
    tf.dispose(sums);
    return new Map(byName);
  });
}

function relativeDistance(actual: ArrayLike<number>, expected: readonly number[]): number {
  const distance = Math.hypot(...expected.map((value, i) => value - actual[i]));
  return distance / Math.hypot(...expected);
}

/** Returns the squared norm of a record's gradient over all parameters, as the method reports it. */
function squaredNorm(gradients: RecordGradients, record: number): number {
  const groups = gradients.squaredNorms.length / gradients.losses.length;
  return gradients.squaredNorms
    .subarray(record * groups, (record + 1) * groups)
    .reduce((sum, own) => sum + own, 0);
}

async function tinyModel(fixture: FamilyFixture): Promise<LanguageModel> {
  return loadLanguageModel(fixtureSource(fixture));
}

test.each(
  FAMILIES.flatMap((family) => [
    { family, recompute: false },
    { family, recompute: true },
  ]),
)('LoRA gradients of each record, $family, recompute $recompute', async ({ family, recompute }) => {
  const fixture = familyFixture(family);
  const model = await tinyModel(fixture);
  const { rank, scale, records } = fixture;
  const matrices = [...matricesOf(model.config)];
  const method = loraMethod({
    loss: LOSS,
    model,
    adapter: loraSchema.parse({ rank, alpha: rank * scale, matrices }),
    seed: 1,
  });
  const values = method.initial();
  for (const { name, shape, offset } of method.parameters)
    values.set(formulaTensor(fixture, fixtureName(name), [...shape]).values, offset);
  const loaded = method.load(values, { recompute });
  const gradients = loaded.gradients(records);
  gradientsByRecord(method, gradients).forEach((byName, record) => {
    expect(gradients.losses[record]).toBeCloseTo(fixture.losses[record], 5);
    const actual: number[] = [];
    const expected: number[] = [];
    for (const [name, gradient] of byName) {
      const [, block, matrix, part] = fixtureName(name).split('/');
      const reference = fixture.lora[record][`${block}/${matrix}`][part === 'A' ? 'dA' : 'dB'];
      expect(relativeDistance(gradient, reference), name).toBeLessThan(2e-5);
      actual.push(...gradient);
      expected.push(...reference);
    }
    expect(relativeDistance(actual, expected)).toBeLessThan(1e-5);
    const norm = expected.reduce((sum, value) => sum + value * value, 0);
    expect(Math.sqrt(squaredNorm(gradients, record) / norm)).toBeCloseTo(1, 5);
  });
  gradients.dispose();
  loaded.dispose();
});

/** Returns the name in the fixture: lora/1/q/A for `block 1, A of q`. */
function fixtureName(name: string): string {
  const [, block, part, matrix] = /^block (\d+), ([AB]) of (\w+)$/.exec(name)!;
  return `lora/${block}/${matrix}/${part}`;
}

test.each(FAMILIES)('soft prompt gradients of each record, %s', async (family) => {
  const fixture = familyFixture(family);
  const model = await tinyModel(fixture);
  const length = fixture.promptLength;
  const method = promptMethod({
    loss: LOSS,
    model,
    tokenizer: fixtureSource(fixture).tokenizer,
    adapter: promptSchema.parse({ method: 'prompt', length }),
    seed: 1,
  });
  const { values } = formulaTensor(fixture, 'prompt', [length, model.config.width]);
  const loaded = method.load(values, { recompute: false });
  const gradients = loaded.gradients(fixture.records);
  gradientsByRecord(method, gradients).forEach((byName, record) => {
    const expected = fixture.prompt[record].flat();
    expect(relativeDistance(byName.get('prompt')!, expected)).toBeLessThan(1e-5);
    expect(Math.sqrt(squaredNorm(gradients, record)) / Math.hypot(...expected)).toBeCloseTo(1, 5);
  });
  gradients.dispose();
  loaded.dispose();
});

test.each(FAMILIES)('gradients of each record for every weight and their ghost norms, %s', async (family) => {
  const fixture = familyFixture(family);
  const source = fixtureSource(fixture);
  const model = await tinyModel(fixture);
  // The factors of the reference for each stored tensor's gradient, laid out like the weights here.
  const probes = await loadLanguageModel({
    ...source,
    locate: (weight) => ({ ...source.locate(weight), add: 0 }),
    async read(name) {
      const { shape } = fixture.tensors[name];
      const count = shape.reduce((product, size) => product * size, 1);
      return { shape, values: Float32Array.from(formulaNumbers(`probe/${name}`, count)) };
    },
  });
  const method = fullMethod({ model, loss: LOSS });
  const loaded = method.load(method.initial(), { recompute: false });
  const gradients = loaded.gradients(fixture.records);
  gradientsByRecord(method, gradients).forEach((byName, record) => {
    const expected = fixture.parameters[record];
    // One stored tensor may contain several weights.
    const stored = new Map<string, { square: number; probe: number }>();
    for (const [weight, gradient] of byName) {
      const { tensor } = source.locate(weight);
      const sums = stored.get(tensor) ?? { square: 0, probe: 0 };
      const probe = probes.weights.get(weight)!.dataSync();
      gradient.forEach((value, i) => {
        sums.square += value * value;
        sums.probe += value * probe[i];
      });
      stored.set(tensor, sums);
    }
    expect([...stored.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [tensor, { square, probe }] of stored) {
      const [expectedSquare, expectedProbe] = expected[tensor];
      expect(Math.sqrt(square / expectedSquare), tensor).toBeCloseTo(1, 5);
      // Relative to the gradient's norm, because the product itself may be near zero.
      expect(Math.abs(probe - expectedProbe) / Math.sqrt(expectedSquare), tensor).toBeLessThan(2e-5);
    }
    const total = Object.values(expected).reduce((sum, [square]) => sum + square, 0);
    expect(Math.sqrt(squaredNorm(gradients, record) / total)).toBeCloseTo(1, 5);
  });
  gradients.dispose();
  loaded.dispose();
});
