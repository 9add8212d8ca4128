import { type PlanInput, type PlanOutput, planInput, planOutput } from '../schemas/activities.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { calibrateOffThread } from './calibration/off-thread.ts';
import { createStep } from './step.ts';

/** Calibrates the noise before any budget is spent, and judges whether the signal stands out from it. */
export function createPlan({ store, countTrainableParameters }: ActivityDeps) {
  return createStep<PlanInput, PlanOutput>({
    store,
    input: planInput,
    output: planOutput,
    name: () => 'plan',
    stage: () => 'plan',
    run: async ({ config, records }) => {
      const { model, training } = config;
      const trainableParameters = await countTrainableParameters({ model, adapter: training.adapter });
      return { output: await calibrateOffThread('planExperiment', { config, records, trainableParameters }) };
    },
  });
}
