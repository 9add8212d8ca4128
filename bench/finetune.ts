import { z } from 'zod';
import type { Precision } from '../schemas/settings/training.ts';
import { assertAgree, largestRelativeError } from './agreement.ts';
import { finetuneTask, LORA, TOKENS } from './finetune-task.ts';
import { finetuneFlops } from './flops.ts';
import { matmulPeak } from './matmul-peak.ts';
import { median } from './median.ts';
import type { Bench } from './prepare.ts';
import { type BenchResult, type SideRound, summarise } from './result.ts';

const MICRO_BATCHES = [8, 16, 32];
/** Updates of a trial are smaller, because it only ranks the micro-batches. */
const TRIAL_BATCH = 64;
/** In bfloat16 the norm of a single record may be far off: see docs/performance.md. */
const LIMITS: Record<Precision, { loss: number; norm: number }> = {
  float32: { loss: 1e-4, norm: 1e-3 },
  bfloat16: { loss: 1e-2, norm: 0.3 },
};

const sideResult = z.object({
  losses: z.array(z.number()),
  norms: z.array(z.number()),
  /** Drawn in the measured updates. */
  records: z.number(),
  seconds: z.number(),
  peakRssBytes: z.number(),
});

const ourResult = sideResult.extend({ cpuSeconds: z.number() });

export type FinetuneOptions = {
  rounds: number;
  updates: number;
  batch: number;
  microBatch?: number;
  precision: Precision;
};

/**
 * Measures DP-LoRA on records of 64 tokens, ours and Opacus in alternation, in records/s of the update loop:
 * draw, gradients, clipping, noise and Adam, without the start-up. Throws an Error if the two sides compute
 * different losses or norms.
 */
export async function benchFinetune(bench: Bench, options: FinetuneOptions): Promise<BenchResult> {
  const { sides, source, progress } = bench;
  const shared = await finetuneTask(bench);
  const trials = options.microBatch === undefined ? await tryMicroBatches(bench, shared) : {};
  const microBatch = options.microBatch ?? bestOf(trials);
  const { precision } = options;
  const task = {
    ...shared,
    expectedBatchSize: options.batch,
    updates: options.updates,
    microBatch,
    precision,
  };

  const rounds: { ours: SideRound; peer: SideRound }[] = [];
  const peaks: number[] = [];
  const cpu: number[] = [];
  const largestErrors = { loss: 0, norm: 0 };
  for (let round = 1; round <= options.rounds; round++) {
    const peak = await matmulPeak(sides);
    peaks.push(peak.tensorflow, peak.pytorch);
    const ours = await sides.ours('finetune', task, ourResult);
    const peer = await sides.peer('finetune', task, sideResult);
    const loss = largestRelativeError(ours.losses, peer.losses);
    const norm = largestRelativeError(ours.norms, peer.norms);
    assertAgree('the loss of a record', loss, LIMITS[precision].loss);
    assertAgree('the gradient norm of a record', norm, LIMITS[precision].norm);
    largestErrors.loss = Math.max(largestErrors.loss, loss);
    largestErrors.norm = Math.max(largestErrors.norm, norm);
    cpu.push(ours.cpuSeconds / ours.records);
    rounds.push({ ours: withRate(ours), peer: withRate(peer) });
    progress(
      `round ${round} of ${options.rounds}, micro-batch ${microBatch}: ours ` +
        `${withRate(ours).rate.toFixed(2)}, peer ${withRate(peer).rate.toFixed(2)} records/s`,
    );
  }
  const { config: model } = source;
  return {
    ...summarise({
      unit: 'records/s',
      rounds,
      flopsPerUnit: finetuneFlops({ model, rank: LORA.rank, tokens: TOKENS, targets: TOKENS - 1 }),
      peakFlopsPerSecond: Math.max(...peaks),
    }),
    precision,
    cpuSecondsPerRecord: median(cpu),
    microBatch,
    expectedBatchSize: options.batch,
    threads: bench.threads,
    peerByMicroBatch: trials,
    largestErrors,
  };
}

/** Returns the peer's records/s at each micro-batch. The peer is compared at its best. */
async function tryMicroBatches(bench: Bench, shared: object): Promise<Record<number, number>> {
  const rates: Record<number, number> = {};
  for (const microBatch of MICRO_BATCHES) {
    const trial = { ...shared, microBatch, expectedBatchSize: TRIAL_BATCH, updates: 1 };
    rates[microBatch] = withRate(await bench.sides.peer('finetune', trial, sideResult)).rate;
    bench.progress(`peer with micro-batch ${microBatch}: ${rates[microBatch].toFixed(2)} records/s`);
  }
  return rates;
}

function bestOf(rates: Record<number, number>): number {
  return MICRO_BATCHES.reduce((best, next) => (rates[next] > rates[best] ? next : best));
}

function withRate(result: z.infer<typeof sideResult>): SideRound {
  return { rate: result.records / result.seconds, peakRssBytes: result.peakRssBytes };
}
