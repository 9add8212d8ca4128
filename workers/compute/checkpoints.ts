import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingState,
} from '../../engine/training/training-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

type Checkpoints = { store: ArtifactStore; run: string };

const folder = (run: string) => `${run}/checkpoints/`;

/** The newest checkpoint of a run, or null before the first. */
export async function latestCheckpoint({ store, run }: Checkpoints): Promise<TrainingState | null> {
  const key = (await store.list({ area: 'private', key: folder(run) })).at(-1);
  const bytes = key === undefined ? null : await store.readKey({ area: 'private', key });
  return bytes === null ? null : decodeTrainingState(bytes);
}

/** Writes a checkpoint and removes older ones; gives its name. Names sort by update. */
export async function saveCheckpoint({ store, run }: Checkpoints, state: TrainingState): Promise<string> {
  const older = await store.list({ area: 'private', key: folder(run) });
  const key = `${folder(run)}${String(state.step).padStart(8, '0')}.ckpt`;
  await store.put({
    area: 'private',
    key,
    body: encodeTrainingState(state),
    mediaType: 'application/octet-stream',
    replace: true,
  });
  for (const old of older) if (old !== key) await store.remove({ area: 'private', key: old });
  return key;
}
