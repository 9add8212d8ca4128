import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingState,
} from '../../engine/training/training-state.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** `training` is the digest of what is trained: a run never resumes from checkpoints of other settings. */
type Checkpoints = { store: ArtifactStore; run: string; training: string };

const folder = ({ run, training }: Checkpoints) => runLayout(run).checkpointsOf(training);

/** Returns the newest checkpoint of a run, or null if there is none yet. */
export async function latestCheckpoint(checkpoints: Checkpoints): Promise<TrainingState | null> {
  const { store } = checkpoints;
  const key = (await store.list(folder(checkpoints))).at(-1);
  const bytes = key === undefined ? null : await store.readKey({ area: 'private', key });
  return bytes === null ? null : decodeTrainingState(bytes);
}

/** Writes a checkpoint, removes older ones and returns its name. Names sort by update. */
export async function saveCheckpoint(checkpoints: Checkpoints, state: TrainingState): Promise<string> {
  const { store, run, training } = checkpoints;
  const older = await store.list(folder(checkpoints));
  const { area, key } = runLayout(run).checkpoint({ training, step: state.step });
  await store.put({
    area,
    key,
    body: Readable.from(encodeTrainingState(state), { objectMode: false }),
    mediaType: 'application/octet-stream',
    replace: true,
  });
  for (const old of older) if (old !== key) await store.remove({ area, key: old });
  // Progress goes into heartbeats. It has the name only, because the folder is a digest that depends
  // on private records.
  return basename(key);
}
