import { type ReportInput, reportInput } from '../../schemas/activities.ts';
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
  const body = `${JSON.stringify(input)}\n`;
  await store.put({ ...placeOf(input), body, mediaType: 'application/json', replace: true });
}

/** What a run is reported from, or null before its report, or if another version kept it. */
export async function readReportInput({ store, run }: Run): Promise<ReportInput | null> {
  const bytes = await store.readKey(placeOf({ run }));
  return bytes === null ? null : (reportInput.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null);
}

function placeOf({ run }: { run: string }) {
  return { area: 'private', key: `${run}/report-input.json` } as const;
}
