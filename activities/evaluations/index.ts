import type { ReportInput } from '../../schemas/activities.ts';
import {
  type ActiveStage,
  EVALUATIONS,
  type EvaluationData,
  type Evaluations,
} from '../../schemas/evaluations/index.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createClassify } from './classify.ts';
import { createHeldOut } from './held-out.ts';
import { collectProxies, createProxies } from './proxies.ts';
import { collectTuning, createTuning } from './tuning.ts';

const ACTIVITIES = {
  heldOut: createHeldOut,
  proxies: createProxies,
  classify: createClassify,
  tuning: createTuning,
} satisfies Record<ActiveStage, (deps: ActivityDeps) => unknown>;

type Queue = Evaluations[ActiveStage]['activity']['queue'];
/** The activities of one queue by their type. */
type ActivitiesOf<Q extends Queue> = {
  [S in ActiveStage as Evaluations[S]['activity']['queue'] extends Q
    ? Evaluations[S]['activity']['type']
    : never]: ReturnType<(typeof ACTIVITIES)[S]>;
};

/** The activities of the evaluation stages whose work belongs on this queue. */
export function createEvaluationActivities<Q extends Queue>(deps: ActivityDeps, queue: Q): ActivitiesOf<Q> {
  const stages = (Object.keys(ACTIVITIES) as ActiveStage[]).filter(
    (stage) => EVALUATIONS[stage].activity.queue === queue,
  );
  return Object.fromEntries(
    stages.map((stage) => [EVALUATIONS[stage].activity.type, ACTIVITIES[stage](deps)]),
  ) as ActivitiesOf<Q>;
}

type Source = { store: ArtifactStore; input: ReportInput };

/** Reads what each stage has left beside the scores, in the order of the private manifest. */
const COLLECT: { [K in keyof EvaluationData]: (source: Source) => Promise<EvaluationData[K] | undefined> } = {
  tuning: collectTuning,
  proxies: collectProxies,
};

/** What a run has measured beside the scores. What was not asked for is absent. */
export type Evaluated = Partial<EvaluationData>;

export async function collectEvaluations(source: Source): Promise<Evaluated> {
  const evaluated: Record<string, unknown> = {};
  for (const [name, collect] of Object.entries(COLLECT)) {
    const data = await collect(source);
    if (data !== undefined) evaluated[name] = data;
  }
  return evaluated;
}
