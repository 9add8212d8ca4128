import { setTimeout as sleep } from 'node:timers/promises';
import { shuffledIndices } from '../../../engine/data/seeded-random.ts';
import type { Started } from './campaign-runs.ts';
import type { Cluster, Part } from './cluster.ts';
import { COMPUTE_CHILD, killFirst, markedProcesses } from './marked-processes.ts';
import type { Tally } from './tally.ts';

type Strike = { what: string; at: (cluster: Cluster) => Promise<boolean> };

const part = (what: string, name: Part, signal: NodeJS.Signals): Strike => ({
  what,
  at: async (cluster) => cluster.kill(name, signal),
});
const STRIKES: readonly Strike[] = [
  {
    what: 'kill -9 of the compute child',
    at: async ({ mark }) => killFirst(await markedProcesses(mark, COMPUTE_CHILD)),
  },
  part('kill -9 of the GPU worker', 'gpu', 'SIGKILL'),
  part('kill -9 of the CPU worker', 'cpu', 'SIGKILL'),
  part('kill -9 of the control worker', 'control', 'SIGKILL'),
  part('kill -9 of the Temporal server', 'temporal', 'SIGKILL'),
  part('SIGTERM to the GPU worker', 'gpu', 'SIGTERM'),
];

/** Most that pass between two faults; the least is a tenth of it. */
const PAUSE_MS = 8000;

/**
 * Draws faults from a deck, so that none comes again before all have been, at moments drawn from
 * the same source.
 */
export function createStriker(params: { random: () => number; tally: Tally }) {
  const { random, tally } = params;
  let deck: Strike[] = [];

  /** Up to `most` faults while the run is under way, each after the last one was mended. */
  return async function strike(cluster: Cluster, started: Started, most: number): Promise<void> {
    const begun = performance.now();
    for (let struck = 0; struck < most; struck++) {
      await sleep(PAUSE_MS * (0.1 + 0.9 * random()));
      if (deck.length === 0) deck = Array.from(shuffledIndices(STRIKES.length, random), (i) => STRIKES[i]);
      const { what, at } = deck.pop()!;
      while (!started.isOver() && !(await at(cluster))) await sleep(20);
      if (started.isOver()) return;
      tally.fault(`${what}, ${((performance.now() - begun) / 1000).toFixed(1)} s into ${started.id}`);
      await cluster.ready();
    }
  };
}
