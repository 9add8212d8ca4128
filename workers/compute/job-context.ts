import type { OnProgress } from '../../schemas/jobs.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** What a compute job gets in addition to its input. */
export type JobContext = {
  store: ArtifactStore;
  /** Cheap: call it after every step. Never pass numbers computed from private records. */
  onProgress: OnProgress;
  /** Aborts on SIGTERM: save a checkpoint, then throw DpsynthError of type Interrupted. */
  signal: AbortSignal;
};
