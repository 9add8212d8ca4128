import {
  EVALUATIONS,
  type EvaluationStage,
  type Reported,
  type ReportedOf,
} from '../../../schemas/evaluations/index.ts';
import { scoreAmounts } from './amounts.ts';
import { measureHeldOut } from './held-out.ts';
import { measureProxies } from './proxies.ts';
import type { Corpora, Scope } from './scope.ts';
import { scoreRows } from './score-rows.ts';
import { searchClassifiers } from './tuning.ts';

/** What does each stage. One that was asked for and failed as a whole gives undefined: the run goes on without it. */
const STAGES: { [S in EvaluationStage]: (scope: Scope, corpora: Corpora) => Promise<ReportedOf<S>> } = {
  heldOut: measureHeldOut,
  proxies: measureProxies,
  classify: scoreRows,
  amounts: scoreAmounts,
  tuning: searchClassifiers,
};

/** Does the evaluation stages that the experiment asks for, one after the other in the order of the registry. Returns what the report is given. */
export async function evaluate(scope: Scope, corpora: Corpora): Promise<Reported> {
  const reported: Record<string, unknown> = {};
  for (const stage of Object.keys(EVALUATIONS) as EvaluationStage[]) {
    if (!isAskedFor(scope, stage)) {
      scope.tracker.skip(stage);
      continue;
    }
    const result = await STAGES[stage](scope, corpora);
    const [field] = Object.keys(EVALUATIONS[stage].reported);
    if (result !== undefined) reported[field] = result;
  }
  return reported as Reported;
}

/** A stage without a setting of its own always runs. */
function isAskedFor({ config }: Scope, stage: EvaluationStage): boolean {
  const settings: Record<string, unknown> = config.evaluation;
  return Object.keys(EVALUATIONS[stage].settings).every((name) => Boolean(settings[name]));
}
