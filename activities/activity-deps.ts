import type { ComputeJobKind } from '../schemas/jobs.ts';
import type { AdapterConfig } from '../schemas/settings/training.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { RunJob } from './job-runner.ts';

/** Dependencies of the activities. */
export type ActivityDeps = {
  store: ArtifactStore;
  runJob: RunJob;
  /** Returns how many numbers an adapter of this shape has on this model. Reads only the model's header. */
  countTrainableParameters: (params: { model: string; adapter: AdapterConfig }) => Promise<number>;
  /** Returns the length of each text in tokens of this model. Reads only the model's tokenizer. */
  countTokens: (params: { model: string; texts: readonly string[] }) => Promise<number[]>;
  /**
   * Digest of the code that runs jobs of this kind, and of the worker's precision. The step cache returns
   * only results with the same digest.
   */
  jobVersion: (kind: ComputeJobKind) => Promise<string>;
  /** Written to manifests and reports. */
  codeVersion: string;
};
