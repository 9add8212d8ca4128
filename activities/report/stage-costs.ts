import type { ReportData } from '../../engine/report/report-data.ts';
import { STAGES, type Stage } from '../../schemas/stages.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type KeptStep, keptSteps } from '../step.ts';

/** Stages whose time and memory owe nothing to private records. */
const READS_NOTHING_PRIVATE: readonly string[] = ['plan', 'sample', 'zeroShot'] satisfies Stage[];

/**
 * Time and peak memory of the stages of a run that have ended, in their order, from what each step has kept: the time from the
 * start of its first step to the end of its last one, of the attempts that succeeded.
 */
export async function stageCosts(params: {
  store: ArtifactStore;
  run: string;
}): Promise<ReportData['stages'][number][]> {
  const steps = await keptSteps(params);
  return (Object.keys(STAGES) as Stage[]).flatMap((stage) => {
    const of = steps.filter((step) => step.stage === stage);
    return of.length === 0 ? [] : [costOf(stage, of)];
  });
}

function costOf(stage: Stage, steps: readonly KeptStep[]): ReportData['stages'][number] {
  const from = Math.min(...steps.map(({ startedAt }) => Date.parse(startedAt)));
  const to = Math.max(...steps.map(({ endedAt }) => Date.parse(endedAt)));
  const own = steps.filter((step) => !isCached(step));
  const peaks = own.flatMap(({ cost }) => (cost === undefined ? [] : [cost.peakRssBytes]));
  return {
    stage: STAGES[stage],
    seconds: (to - from) / 1000,
    ...(peaks.length === 0 ? {} : { peakRssBytes: Math.max(...peaks) }),
    ...(own.length === steps.length ? {} : { cached: steps.length - own.length }),
    readsPrivate: !READS_NOTHING_PRIVATE.includes(stage),
  };
}

function isCached({ output }: KeptStep): boolean {
  return (output as { cachedFrom?: string }).cachedFrom !== undefined;
}
