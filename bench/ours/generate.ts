import { randomStream } from '../../engine/data/seeded-random.ts';
import { generate } from '../../engine/language-model/generate.ts';
import { scoreTexts } from '../../engine/language-model/score.ts';
import { samplingSchema } from '../../schemas/settings/sampling.ts';
import type { GenerateTask } from '../generate-task.ts';
import { loadOurs } from './load-ours.ts';
import { cpuSeconds, giveResult, readTask } from './task.ts';

/**
 * Samples texts with our engine, like a shard of a corpus. Greedy texts and log-likelihoods serve as a check.
 */
const task = readTask<GenerateTask>();
const { stop, maxTokens, temperature, topP, prefixes, counts, seed } = task;
const { model, source } = await loadOurs(task.model, { precision: task.precision, backward: false });

// The comparison, which also warms up.
const nll: number[] = [];
for await (const scored of scoreTexts({ model, tokenizer: source.tokenizer, texts: task.texts }))
  nll.push(scored.nll);
const greedy = await generate({
  model,
  prefixes,
  rows: prefixes.map((_, prefix) => ({
    prefix,
    uniform: randomStream({ seed, purpose: 'greedy', index: 0 }),
  })),
  stop,
  settings: samplingSchema.parse({ maxTokens: task.greedyTokens, temperature: 0, topP: 1 }),
});

const rows = counts.flatMap((count, prefix) =>
  Array.from({ length: count }, (_, i) => ({
    prefix,
    uniform: randomStream({ seed, purpose: 'sample', index: prefix * 1000 + i }),
  })),
);
const settings = samplingSchema.parse({ maxTokens, temperature, topP, batch: task.batch });
const before = cpuSeconds();
const started = performance.now();
const texts = await generate({ model, prefixes, rows, stop, settings });
const seconds = (performance.now() - started) / 1000;
const tokens = texts.reduce((sum, { length }) => sum + length, 0);
giveResult({ nll, greedy, tokens, seconds, cpuSeconds: cpuSeconds() - before });
