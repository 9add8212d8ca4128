import type { UnfinishedRun } from '../engine/report/comparison/render-comparison.ts';
import { type ReportData, reportDataSchema } from '../engine/report/report-data.ts';
import { invalidConfig } from '../schemas/errors.ts';
import { runLayout } from '../schemas/run-layout.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

/**
 * What the reports of runs were made of, in the order of `runs`, and the runs that have none: they did not end, or another version made them.
 * Throws InvalidConfig for a run that the store does not know at all, and where no run has a report.
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
  throw invalidConfig(`There is nothing to report.\n${whys.join('\n')}`);
}

/** The data of a run, or why there are none. */
async function readOne(store: ArtifactStore, run: string): Promise<ReportData | string> {
  const bytes = await store.readKey(runLayout(run).reportData);
  if (bytes !== null) {
    const parsed = reportDataSchema.safeParse(parseJson(bytes));
    return parsed.success ? parsed.data : 'another version of dpsynth wrote its report data';
  }
  const files = await store.list({ area: 'private', key: run });
  if (files.length === 0)
    throw invalidConfig(
      `There is no run ${run} in ${store.uri}. Give the ids that \`dpsynth run\` printed, and --home or DPSYNTH_STORE if its store is elsewhere.`,
    );
  return files.includes(runLayout(run).manifest.private.key)
    ? 'an earlier version of dpsynth made it, which kept no report data'
    : 'it has not ended, or it failed';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
