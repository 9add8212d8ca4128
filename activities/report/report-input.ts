import { type ReportInput, reportInput } from '../../schemas/activities.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

type Run = { store: ArtifactStore; run: string };

/** Keeps what a run is reported from, so that it can be released later. */
export async function keepReportInput({
  store,
  input,
}: {
  store: ArtifactStore;
  input: ReportInput;
}): Promise<void> {
  await store.putJson({ ...runLayout(input.run).reportInput, value: input, replace: true });
}

/** What a run is reported from, or null before its report, or if another version kept it. */
export async function readReportInput({ store, run }: Run): Promise<ReportInput | null> {
  return store.findKeyJson(runLayout(run).reportInput, reportInput);
}
