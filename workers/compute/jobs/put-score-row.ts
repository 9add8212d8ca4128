import type { Classified } from '../../../schemas/jobs.ts';
import type { ScoreRow } from '../../../schemas/scores.ts';
import type { JobContext } from '../job-context.ts';

/** Writes a row of the result table. It was computed on the real test set, hence private. */
export async function putScoreRow(params: {
  context: JobContext;
  run: string;
  row: ScoreRow;
  /** `performance.now()` at the start of the job. */
  started: number;
}): Promise<Classified> {
  const { context, run, row, started } = params;
  const ref = await context.store.put({
    area: 'private',
    key: `${run}/scores/${row.source}.json`,
    body: `${JSON.stringify(row, null, 2)}\n`,
    mediaType: 'application/json',
  });
  return {
    row: ref,
    seconds: (performance.now() - started) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
