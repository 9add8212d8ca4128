import type { LoraConfig } from '../schemas/experiment.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { RunJob } from './job-runner.ts';

/** What the activities are given. */
export type ActivityDeps = {
  store: ArtifactStore;
  runJob: RunJob;
  /** Numbers the adapter of this shape has on this model. Reads the model's header only. */
  countTrainableParameters: (params: { model: string; adapter: LoraConfig }) => Promise<number>;
  /** Stands in manifests and reports. */
  codeVersion: string;
};
