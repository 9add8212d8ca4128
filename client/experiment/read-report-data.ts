import type { UnfinishedRun } from '../../engine/report/comparison/unfinished-run.ts';
import { type ReportData, reportDataSchema } from '../../engine/report/report-data.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * Reads the data of the reports of runs, in the order of `runs`, and lists the runs without report data: they
 * have not finished, or another version made them.
 * Throws InvalidConfig if the store does not know a run at all, or if no run has a report.
 */
export async function readReportData(params: {
  store: ArtifactStore;
  runs: readonly string[];
}): Promise<{ finished: ReportData[]; unfinished: UnfinishedRun[] }> {
  const { store, runs } = params;
  const finished: ReportData[] = [];
  const unfinished: UnfinishedRun[] = [];
  for (const run of new Set(runs)) {
    const found = await readOne(store, run);
    if (typeof found === 'string') unfinished.push({ run, why: found });
    else finished.push(found);
  }
  if (finished.length > 0) return { finished, unfinished };
  const whys = unfinished.map(({ run, why }) => `${run}: ${why}`);
  throw invalidConfig(`None of these runs has report data.\n${whys.join('\n')}`);
}

/** Returns the report data of a run, or the reason why it has none. */
async function readOne(store: ArtifactStore, run: string): Promise<ReportData | string> {
  const bytes = await store.readKey(runLayout(run).reportData);
  if (bytes !== null) {
    const parsed = reportDataSchema.safeParse(parseJson(bytes));
    return parsed.success ? parsed.data : 'another version of dpsynth wrote its report data';
  }
  const files = await store.list({ area: 'private', key: run });
  if (files.length === 0)
    throw invalidConfig(
      `There is no run ${run} in ${store.uri}. Give the id that \`dpsynth run\` printed, and --home or DPSYNTH_STORE if its store is elsewhere.`,
    );
  return files.includes(runLayout(run).manifest.private.key)
    ? 'an earlier version of dpsynth made it, which kept no report data'
    : 'it has not finished, or it failed';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
