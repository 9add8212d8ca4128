import type { ReportData } from '../report-data.ts';
import { SOURCES } from '../words.ts';

/**
 * Returns the rows of the result table that any run has or lists as missing. If no run has scores, returns
 * all rows.
 */
export function sourcesOf(runs: readonly ReportData[]): readonly (typeof SOURCES)[number][] {
  const scored = runs.flatMap(({ scores }) => scores ?? []);
  if (scored.length === 0) return SOURCES;
  const named = new Set(
    scored.flatMap(({ rows, missing }) => [...rows, ...missing].map(({ source }) => source)),
  );
  return SOURCES.filter(({ source }) => named.has(source));
}
