import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingState,
} from '../../engine/training/training-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** `training` is the digest of what is trained: the checkpoints of other settings are not gone on with. */
type Checkpoints = { store: ArtifactStore; run: string; training: string };

const folder = ({ run, training }: Checkpoints) => `${run}/checkpoints/${training}/`;

/** The newest checkpoint of a run, or null before the first. */
export async function latestCheckpoint(checkpoints: Checkpoints): Promise<TrainingState | null> {
  const { store } = checkpoints;
  const key = (await store.list({ area: 'private', key: folder(checkpoints) })).at(-1);
  const bytes = key === undefined ? null : await store.readKey({ area: 'private', key });
  return bytes === null ? null : decodeTrainingState(bytes);
}

/** Writes a checkpoint and removes older ones; gives its name. Names sort by update. */
export async function saveCheckpoint(checkpoints: Checkpoints, state: TrainingState): Promise<string> {
  const { store } = checkpoints;
  const older = await store.list({ area: 'private', key: folder(checkpoints) });
  const key = `${folder(checkpoints)}${String(state.step).padStart(8, '0')}.ckpt`;
  await store.put({
    area: 'private',
    key,
    body: Readable.from(encodeTrainingState(state), { objectMode: false }),
    mediaType: 'application/octet-stream',
    replace: true,
  });
  for (const old of older) if (old !== key) await store.remove({ area: 'private', key: old });
  // The folder is a digest of private records among other things: progress goes into heartbeats, so the name alone.
  return basename(key);
}
