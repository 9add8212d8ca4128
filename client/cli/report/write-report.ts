import { resolve } from 'node:path';
import { renderComparison } from '../../../engine/report/comparison/render-comparison.ts';
import { renderReport } from '../../../engine/report/render-report.ts';
import { atomicWrite } from '../../../storage/atomic-write.ts';
import { openStore } from '../../../storage/open-store.ts';
import { locateHome } from '../../embedded/home.ts';
import { readReportData } from '../../experiment/read-report-data.ts';

export type ReportOptions = { release?: boolean; out: string; home?: string; json?: boolean };

/** Writes the page of one run or the comparison of several. Only its owner can read a private page. */
export async function writeReport(params: {
  runs: readonly string[];
  options: ReportOptions;
}): Promise<void> {
  const { runs, options } = params;
  const store = await openStore(locateHome(options.home).storeUri);
  const { finished, unfinished } = await readReportData({ store, runs });
  const version = options.release ? ('release' as const) : ('private' as const);
  const pages = finished.map((data) => ({ ...data, version }));
  const path = resolve(options.out);
  await atomicWrite({
    path,
    body:
      pages.length === 1 && unfinished.length === 0
        ? renderReport(pages[0])
        : renderComparison({ runs: pages, unfinished }),
    replace: true,
    fileMode: options.release ? 0o644 : 0o600,
    folderMode: 0o755,
  });
  if (options.json) {
    const ids = finished.map(({ run }) => run);
    console.log(JSON.stringify({ report: path, version, runs: ids, unfinished }));
    return;
  }
  for (const { run, why } of unfinished) console.error(`${run} has no report: ${why}`);
  console.log(path);
  if (!options.release)
    console.log(
      'It contains numbers computed from private records. Do not share it: --release writes a page that you can share.',
    );
}
