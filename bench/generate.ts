import { z } from 'zod';
import type { Precision } from '../schemas/settings/training.ts';
import { assertAgree, largestRelativeError } from './agreement.ts';
import { decodingFlops } from './flops.ts';
import { generateTask } from './generate-task.ts';
import { matmulPeak } from './matmul-peak.ts';
import { median } from './median.ts';
import { tuneOnMessages, writerName } from './message-writer.ts';
import { floatFolder } from './model-folder.ts';
import type { Bench } from './prepare.ts';
import { type BenchResult, type SideRound, summarise } from './result.ts';

const BATCHES = [50, 100, 200];
const LIKELIHOOD_LIMITS: Record<Precision, number> = { float32: 1e-4, bfloat16: 1e-2 };
/**
 * Greedy texts of two float32 programs diverge where two tokens are almost equally likely. This many
 * texts may differ.
 */
const GREEDY_MAY_DIFFER = 1;

const sideResult = z.object({
  nll: z.array(z.number()),
  greedy: z.array(z.array(z.number())),
  /** Useful tokens: those before the stop token. */
  tokens: z.number(),
  seconds: z.number(),
  peakRssBytes: z.number(),
});

const ourResult = sideResult.extend({ cpuSeconds: z.number() });

export type GenerateOptions = {
  rounds: number;
  texts: number;
  maxTokens: number;
  batch: number;
  precision: Precision;
};

/**
 * Measures sampling from a model that was fine-tuned to write short messages, at temperature 1 and top-p 0.95
 * after the prefixes of `examples/sms.json`. Our side and transformers take turns. Speed is in useful tokens
 * per second, without the start-up. Throws an Error if likelihoods or greedy texts differ.
 */
export async function benchGenerate(bench: Bench, options: GenerateOptions): Promise<BenchResult> {
  const { sides, source, progress } = bench;
  const modelFolder = await floatFolder({
    source,
    name: writerName(bench.digest),
    tune: (model) => tuneOnMessages(model, source.tokenizer),
    progress,
  });
  const { precision } = options;
  const task = { ...(await generateTask({ source, modelFolder }, options)), precision };
  const runPeer = (batch: number) => sides.peer('generate', { ...task, batch }, sideResult);
  const trials: Record<number, number> = {};
  const batches = [...new Set(BATCHES.map((batch) => Math.min(batch, options.texts)))];
  for (const batch of batches) {
    trials[batch] = withRate(await runPeer(batch)).rate;
    progress(`peer in batches of ${batch}: ${trials[batch].toFixed(1)} useful tokens/s`);
  }
  const peerBatch = batches.reduce((best, next) => (trials[next] > trials[best] ? next : best));

  const rounds: { ours: SideRound; peer: SideRound }[] = [];
  const peaks: number[] = [];
  const produced: number[] = [];
  const cpu: number[] = [];
  let largestError = 0;
  for (let round = 1; round <= options.rounds; round++) {
    const peak = await matmulPeak(sides);
    peaks.push(peak.tensorflow, peak.pytorch);
    const ours = await sides.ours('generate', { ...task, batch: options.batch }, ourResult);
    const peer = await runPeer(peerBatch);
    const error = largestRelativeError(ours.nll, peer.nll);
    assertAgree('the likelihood of a text', error, LIKELIHOOD_LIMITS[precision]);
    // In bfloat16, other tokens may be the most likely.
    if (precision === 'float32') assertGreedy(ours.greedy, peer.greedy);
    largestError = Math.max(largestError, error);
    produced.push(ours.tokens);
    cpu.push(ours.cpuSeconds / ours.tokens);
    rounds.push({ ours: withRate(ours), peer: withRate(peer) });
    progress(
      `round ${round} of ${options.rounds}: ours ${withRate(ours).rate.toFixed(1)}, peer ` +
        `${withRate(peer).rate.toFixed(1)} useful tokens/s`,
    );
  }
  const meanTokens = mean(produced) / options.texts;
  const tokens = Math.round(meanTokens);
  const prefix = Math.round(mean(task.prefixes.map(({ length }) => length)));
  return {
    ...summarise({
      unit: 'useful tokens/s',
      rounds,
      flopsPerUnit: decodingFlops({ model: source.config, prefix, tokens }) / tokens,
      peakFlopsPerSecond: Math.max(...peaks),
    }),
    precision,
    cpuSecondsPerToken: median(cpu),
    texts: options.texts,
    maxTokens: options.maxTokens,
    meanTokens,
    threads: bench.threads,
    batch: options.batch,
    peerBatch,
    peerByBatch: trials,
    largestError,
  };
}

function assertGreedy(ours: number[][], peer: number[][]): void {
  const unlike = ours.filter((ids, i) => ids.join() !== peer[i]?.join()).length;
  if (ours.length === peer.length && unlike <= GREEDY_MAY_DIFFER) return;
  throw new Error(
    `${unlike} of ${ours.length} greedy texts differ between ours and the peer's ${peer.length}: the ` +
      'two do not run the same model.',
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function withRate(result: z.infer<typeof sideResult>): SideRound {
  return { rate: result.tokens / result.seconds, peakRssBytes: result.peakRssBytes };
}
