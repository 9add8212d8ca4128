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

type Collect<Data> = (params: { store: ArtifactStore; input: ReportInput }) => Promise<Data | undefined>;

/** What the report reads of each stage beside the scores, and the file that keeps it, in the order of the private manifest. */
const COLLECTED: { [K in keyof EvaluationData]: { file: string; collect: Collect<EvaluationData[K]> } } = {
  tuning: { file: 'tuning/summary.json', collect: collectTuning },
  proxies: { file: 'proxies.json', collect: collectProxies },
};

/** What a run has measured beside the scores: for each part its name, the file that is to keep it, and the data. Parts that were not asked for are left out. */
export async function collectEvaluations(params: { store: ArtifactStore; input: ReportInput }) {
  const parts: { name: keyof EvaluationData; file: string; data: EvaluationData[keyof EvaluationData] }[] =
    [];
  for (const [name, { file, collect }] of Object.entries(COLLECTED)) {
    const data = await collect(params);
    if (data !== undefined) parts.push({ name: name as keyof EvaluationData, file, data });
  }
  return parts;
}
