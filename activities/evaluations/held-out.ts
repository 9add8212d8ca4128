import { plainTemplate } from '../../engine/data/plain-template.ts';
import { evaluationInputs } from '../../schemas/activities.ts';
import { heldOut } from '../../schemas/evaluations/held-out.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createComputeStep } from '../compute-step.ts';

/** Measures the loss of real test records under the fine-tuned or the base model. */
export function createHeldOut(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: evaluationInputs.heldOut,
    output: heldOut.activity.output,
    name: ({ adapter }) => `held-out-${adapter === null ? 'untuned' : 'tuned'}`,
    stage: () => 'heldOut',
    job: ({ run, config, adapter, test }) => ({
      kind: 'held-out',
      store: deps.store.uri,
      run,
      model: config.model,
      template: plainTemplate(config.template),
      adapter,
      test,
      records: config.evaluation.heldOut,
      maxTokens: config.training.maxTokens,
    }),
  });
}
