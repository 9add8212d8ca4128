import { type ReportInput, reportInput } from '../../schemas/activities.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

type Run = { store: ArtifactStore; run: string };

/** Stores the input of a run's report, so that the run can be released later. */
export async function keepReportInput({
  store,
  input,
}: {
  store: ArtifactStore;
  input: ReportInput;
}): Promise<void> {
  await store.putJson({ ...runLayout(input.run).reportInput, value: input, replace: true });
}

/** Returns the input of a run's report; null before the report, or if another version stored it. */
export async function readReportInput({ store, run }: Run): Promise<ReportInput | null> {
  return store.findKeyJson(runLayout(run).reportInput, reportInput);
}
