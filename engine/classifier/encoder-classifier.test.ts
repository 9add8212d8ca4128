import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { readSmsSpam } from '../data/catalog/sms-spam.ts';
import { planMechanism, planWithoutPrivacy } from '../privacy/mechanism-plan.ts';
import { runKeyFromBytes } from '../privacy/run-key.ts';
import { openEncoderClassifier } from './open-encoder-classifier.ts';
import { trainClassifier } from './train-classifier.ts';

const messages = readSmsSpam(await readFile((await locateAsset({ asset: 'sms-spam' })).path));
const architecture = await openEncoderClassifier({
  folder: (await locateAsset({ asset: 'minilm-l6-v2' })).folder,
  config: { pooling: 'mean', maxTokens: 32, trained: { lastBlocks: 1 } },
  classes: 2,
});
const all = ['ham', 'spam'].flatMap((name, label) =>
  messages
    .filter((message) => message.label === name)
    .slice(0, 120)
    .map(({ text }) => ({ ids: architecture.encode(text), label })),
);
const records = all.filter((_, i) => i % 6 !== 0);
const held = all.filter((_, i) => i % 6 === 0);

afterAll(() => architecture.dispose());

const common = { records: records.length, expectedBatchSize: 24, steps: 12 };
// A fixed key fixes the draws and the noise; with fresh ones a training once hardly began to learn.
const runKey = runKeyFromBytes(new Uint8Array(32).fill(7));
const PLANS = {
  'without privacy': planWithoutPrivacy(common),
  'with clipping and noise': planMechanism({
    ...common,
    clippingNorm: 1,
    target: { noiseMultiplier: 0.01 },
    delta: 1e-3,
  }),
};

test.each(Object.entries(PLANS))(
  'MiniLM fine-tuned on 200 messages %s tells spam from ham',
  async (_, plan) => {
    const start = architecture.method({ seed: 1, step: () => 0 }).initial();
    const options = { learningRate: 1e-3, seed: 1, runKey: plan.private ? runKey : undefined };
    const trained = await trainClassifier({ architecture, records, plan, ...options });
    const { losses, predicted } = architecture.evaluate(trained, held);
    expect(mean(architecture.evaluate(start, held).losses)).toBeGreaterThan(0.65);
    expect(mean(losses)).toBeLessThan(0.58);
    expect(held.filter(({ label }, i) => predicted[i] === label).length / held.length).toBeGreaterThan(0.6);
  },
);

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
