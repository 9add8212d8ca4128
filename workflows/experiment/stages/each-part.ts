import type { EvaluationStage, ReportedOf } from '../../../schemas/evaluations/index.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { orMissing } from '../../shared/or-missing.ts';
import type { Scope } from './scope.ts';

/** One part of a stage, as passed to the report. */
type PartResult<S extends EvaluationStage> = NonNullable<ReportedOf<S>> extends (infer R)[] ? R : never;

/**
 * Runs the parts of a stage concurrently, and returns them in their order. A failed part is listed as
 * missing, with its reason, and the run continues.
 */
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
