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
type Collect<Data> = (source: Source) => Promise<Data | undefined>;

/** What the report reads of each stage beside the scores, in the order of the private manifest. */
const COLLECTED: { [K in keyof EvaluationData]: Collect<EvaluationData[K]> } = {
  tuning: collectTuning,
  proxies: collectProxies,
};
export const COLLECTED_NAMES = Object.keys(COLLECTED) as (keyof EvaluationData)[];

/** Returns what a run has measured beside the scores, by name. Parts that were not asked for are left out. */
export async function collectEvaluations(source: Source): Promise<Partial<EvaluationData>> {
  const parts = await Promise.all(
    COLLECTED_NAMES.map(async (name) => [name, await COLLECTED[name](source)] as const),
  );
  return Object.fromEntries(parts.filter(([, data]) => data !== undefined));
}
