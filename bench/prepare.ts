import { availableParallelism, loadavg } from 'node:os';
import type { CheckpointSource } from '../engine/language-model/checkpoint-source.ts';
import { openCheckpoint } from '../engine/language-model/load-model.ts';
import { withWorkFolder } from '../storage/assets/bootstrap/cache-folder.mjs';
import { locateAsset } from '../storage/assets/locate-asset.ts';
import { floatFolder } from './model-folder.ts';
import { peerPython } from './peer-environment.ts';
import { openSides, type Sides } from './run-side.ts';

/** The model of every benchmark. */
export const MODEL = 'smollm2-135m';

/** Load per core before the start, above which other work disturbs a measurement. */
const BUSY = 0.3;

/** Context of a benchmark: the checkpoint, its float32 copy, both sides, and a temporary folder. */
export type Bench = {
  source: CheckpointSource;
  /** SHA-256 of the checkpoint. */
  digest: string;
  modelFolder: string;
  sides: Sides;
  folder: string;
  threads: number;
  progress: (what: string) => void;
};

/** Prepares what both sides need, and runs `use`. Progress is written to standard error. */
export async function withBench<T>(use: (bench: Bench) => Promise<T>): Promise<T> {
  const started = performance.now();
  const progress = (what: string) =>
    console.error(`[${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s] ${what}`);
  const threads = availableParallelism();
  if (loadavg()[0] > BUSY * threads)
    progress(
      `the machine is busy (load ${loadavg()[0].toFixed(1)} on ${threads} cores): its ratios mean little`,
    );
  const python = await peerPython(progress);
  const { path, sha256 } = await locateAsset({ asset: MODEL });
  const source = await openCheckpoint(path);
  const modelFolder = await floatFolder({ source, name: `float32-${sha256!.slice(0, 16)}`, progress });
  return withWorkFolder((folder) =>
    use({
      source,
      digest: sha256!,
      modelFolder,
      sides: openSides({ python, folder, threads }),
      folder,
      threads,
      progress,
    }),
  );
}
