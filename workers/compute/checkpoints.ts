import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingState,
} from '../../engine/training/training-state.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** `training` is the digest of what is trained: the checkpoints of other settings are not gone on with. */
type Checkpoints = { store: ArtifactStore; run: string; training: string };

const folder = ({ run, training }: Checkpoints) => runLayout(run).checkpointsOf(training);

/** The newest checkpoint of a run, or null before the first. */
export async function latestCheckpoint(checkpoints: Checkpoints): Promise<TrainingState | null> {
  const { store } = checkpoints;
  const key = (await store.list(folder(checkpoints))).at(-1);
  const bytes = key === undefined ? null : await store.readKey({ area: 'private', key });
  return bytes === null ? null : decodeTrainingState(bytes);
}

/** Writes a checkpoint and removes older ones; gives its name. Names sort by update. */
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
  // The folder is a digest of private records among other things: progress goes into heartbeats, so the name alone.
  return basename(key);
}
