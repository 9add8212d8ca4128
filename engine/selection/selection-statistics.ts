import type { StatisticRequest } from '../privacy/selection-plan.ts';
import { HEAD_STEPS } from './head-teacher.ts';

/** `head`: a softmax head by noisy gradient descent. `class-means`: linear discriminant analysis with noisy class means. */
export type TeacherKind = 'head' | 'class-means';

/** Parts of the selection's budget: the counts are cheap, since they are few and large. */
const WEIGHTS = { counts: 0.04, votes: 0.2 } as const;

/**
 * What a selection releases, to be planned: class counts, what the teacher needs, and votes where texts are to be chosen by them.
 * @param params.steps of the descent of a head @default HEAD_STEPS
 */
export function selectionStatistics(params: {
  teacher: TeacherKind;
  steps?: number;
  votes: boolean;
}): StatisticRequest[] {
  const { teacher, steps = HEAD_STEPS, votes } = params;
  const weight = 1 - WEIGHTS.counts - (votes ? WEIGHTS.votes : 0);
  const statistics: StatisticRequest[] = [
    { name: 'class-counts', weight: WEIGHTS.counts, releases: 1 },
    teacher === 'head'
      ? { name: 'head-gradient', weight, releases: steps }
      : { name: 'class-sums', weight, releases: 1 },
  ];
  if (votes) statistics.push({ name: 'neighbour-votes', weight: WEIGHTS.votes, releases: 1 });
  return statistics;
}
