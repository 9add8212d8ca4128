import { readLedger } from '../../../storage/ledger-records.ts';
import type { Started } from './campaign-runs.ts';
import type { Cluster } from './cluster.ts';
import { difference, type Release, releaseOf } from './release-of.ts';
import { LEDGER } from './settings.ts';

/** Result of a campaign. */
export type Figures = {
  faults: number;
  /** Runs without the release that they have when undisturbed. */
  lost: number;
  /** Runs that were charged more than once for their training, and runs that were not charged. */
  chargedTwice: number;
  uncharged: number;
  /** Processes that remained after their cluster was stopped. */
  orphans: number;
};

export type Tally = ReturnType<typeof createTally>;

/** Counts faults and losses, and reports each immediately. */
export function createTally(tell: (line: string) => void) {
  const figures: Figures = { faults: 0, lost: 0, chargedTwice: 0, uncharged: 0, orphans: 0 };
  const notRun: string[] = [];
  const expected = new Map<string, Release>();

  return {
    figures,
    notRun,

    fault(what: string) {
      figures.faults++;
      tell(`fault ${figures.faults}: ${what}`);
    },

    /** Keeps the releases of undisturbed runs, each under its key. */
    async undisturbed({ store }: Cluster, started: Started, keys: string[]) {
      const status = await started.ended();
      if (status !== 'COMPLETED') throw new Error(`${started.id}, which nothing disturbed, ended ${status}.`);
      for (const [i, run] of started.runs.entries()) expected.set(keys[i], await releaseOf(store, run));
      tell(`${started.id} has ended undisturbed`);
    },

    /** Waits for the end of disturbed runs, and compares their releases with those of the keys. */
    async disturbed({ store }: Cluster, started: Started, keys: string[]) {
      const status = await started.ended();
      for (const [i, run] of started.runs.entries()) {
        const fault = await releaseOf(store, run).then(
          (found) => difference(expected.get(keys[i])!, found),
          (error: Error) => error.message,
        );
        if (fault !== null) figures.lost++;
        tell(`${run} has ended ${status}: ${fault ?? 'the same release'}`);
      }
    },

    /** Holds the ledger of the cluster's store against the runs of which all have ended. */
    async charges({ store }: Cluster, runs: string[]) {
      const { entries } = await readLedger({ store, ledger: LEDGER, atLeast: 0 });
      for (const run of runs) {
        const paid = entries.filter((entry) => entry.run === run && entry.status === 'committed').length;
        if (paid > 1) figures.chargedTwice++;
        if (paid === 0) figures.uncharged++;
        if (paid !== 1) tell(`${run} was charged ${paid} times`);
      }
    },

    orphans(pids: number[]) {
      figures.orphans += pids.length;
      if (pids.length > 0) tell(`processes ${pids.join(', ')} were still there`);
    },
  };
}
