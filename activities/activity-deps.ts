import type { ComputeJobKind } from '../schemas/jobs.ts';
import type { AdapterConfig } from '../schemas/settings/training.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { RunJob } from './job-runner.ts';

/** What the activities are given. */
export type ActivityDeps = {
  store: ArtifactStore;
  runJob: RunJob;
  /** Numbers the adapter of this shape has on this model. Reads the model's header only. */
  countTrainableParameters: (params: { model: string; adapter: AdapterConfig }) => Promise<number>;
  /** Length of each text in tokens of this model. Reads the model's tokenizer only. */
  countTokens: (params: { model: string; texts: readonly string[] }) => Promise<number[]>;
  /** Digest of the code that runs jobs of this kind, and of the precision that the worker has: others' results are not taken from the step cache. */
  jobVersion: (kind: ComputeJobKind) => Promise<string>;
  /** Stands in manifests and reports. */
  codeVersion: string;
};
