import { formatBytes } from '../engine/report/format.ts';
import { median } from './median.ts';

/** Result of one side in one round. */
export type SideRound = { rate: number; peakRssBytes: number };

/** Numbers of one benchmark. The first five are the contract of `--json`. */
export type BenchResult = {
  /** Medians over the rounds, in `unit`. */
  ours: number;
  peer: number;
  ratio: number;
  /** Our side's counted operations per second as a share of the measured matmul peak. */
  shareOfPeak: number;
  /** Peak memory of our process in any round. */
  peakRssBytes: number;
  unit: string;
  peerShareOfPeak: number;
  peerPeakRssBytes: number;
  /** The best measured float32 matrix product of either library, FLOP/s. */
  peakFlopsPerSecond: number;
  rounds: { ours: number; peer: number }[];
  [more: string]: unknown;
};

/**
 * Returns medians, ratio and shares of the rounds. `flopsPerUnit` counts the operations of one
 * record or token.
 */
export function summarise(params: {
  unit: string;
  rounds: readonly { ours: SideRound; peer: SideRound }[];
  flopsPerUnit: number;
  peakFlopsPerSecond: number;
}): BenchResult {
  const { unit, rounds, flopsPerUnit, peakFlopsPerSecond } = params;
  const ours = median(rounds.map((round) => round.ours.rate));
  const peer = median(rounds.map((round) => round.peer.rate));
  const share = (rate: number) => (rate * flopsPerUnit) / peakFlopsPerSecond;
  return {
    ours,
    peer,
    ratio: ours / peer,
    shareOfPeak: share(ours),
    peakRssBytes: Math.max(...rounds.map((round) => round.ours.peakRssBytes)),
    unit,
    peerShareOfPeak: share(peer),
    peerPeakRssBytes: Math.max(...rounds.map((round) => round.peer.peakRssBytes)),
    peakFlopsPerSecond,
    rounds: rounds.map((round) => ({ ours: round.ours.rate, peer: round.peer.rate })),
  };
}

/** Returns the result as readable text. */
export function resultText(result: BenchResult): string {
  const { unit, ours, peer, ratio, shareOfPeak, peerShareOfPeak, peakRssBytes, peerPeakRssBytes } = result;
  const line = (name: string, rate: number, share: number, bytes: number) =>
    `${name.padEnd(5)} ${rate.toFixed(2).padStart(9)} ${unit}   ` +
    `${(100 * share).toFixed(0).padStart(3)}% of peak   ${formatBytes(bytes)} at most`;
  return [
    line('ours', ours, shareOfPeak, peakRssBytes),
    line('peer', peer, peerShareOfPeak, peerPeakRssBytes),
    `ratio ${ratio.toFixed(2).padStart(9)}`,
    `peak  ${(result.peakFlopsPerSecond / 1e9).toFixed(0).padStart(9)} GFLOP/s, the best float32 matrix ` +
      'product measured in this run',
  ].join('\n');
}
