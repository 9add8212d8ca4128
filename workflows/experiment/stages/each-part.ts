import type { EvaluationStage, ReportedOf } from '../../../schemas/evaluations/index.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { orMissing } from '../../shared/or-missing.ts';
import type { Scope } from './scope.ts';

/** What the report is given of one part of a stage. */
type PartResult<S extends EvaluationStage> = NonNullable<ReportedOf<S>> extends (infer R)[] ? R : never;

/** Runs the parts of a stage at once, in their order. A part that fails is missing with its reason; the run goes on. */
export function eachPart<S extends EvaluationStage, Part>(
  { tracker }: Scope,
  params: {
    stage: S;
    parts: readonly Part[];
    run: (part: Part) => Promise<PartResult<S>>;
    missing: (part: Part, why: string) => PartResult<S>;
  },
): Promise<PartResult<S>[]> {
  const { stage, parts, run, missing } = params;
  const runOrMiss = (part: Part) =>
    orMissing(
      () => run(part),
      (why) => missing(part, why),
    );
  return tracker.stage(stage, parts.length, () => allOrCancel(() => parts.map(runOrMiss)));
}
