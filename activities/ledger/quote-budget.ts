import { planPrivateClassifier } from '../../engine/classifier/plan-classifier.ts';
import { assertDeltaForRecords } from '../../engine/privacy/delta.ts';
import { bindRunKey, runKeyToBytes } from '../../engine/privacy/run-key.ts';
import { type DpStageInput, dpStageInput, type Quoted } from '../../schemas/budget.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import type { DpPlanData, MechanismPart } from '../../schemas/privacy.ts';
import { assetDigest } from '../../storage/assets/asset-digest.ts';
import { sha256 } from '../../storage/digest.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { classifyStep } from '../classify.ts';
import { findMade } from '../compute-step.ts';
import { finetuneStep } from '../finetune.ts';
import { jobKey } from '../job-key.ts';
import { createRepeatable } from '../repeatable.ts';
import { openRunSecret } from '../run-secret.ts';

type Stage = {
  job: ComputeJob;
  made: Extract<Quoted, { paid: true }>['made'] | null;
  records: number;
  parts: MechanismPart[];
};

/**
 * What a DP stage is about to cost. Nothing where its result is there already; else a reservation, whose id names the
 * release: the run, the stage, what decides the result, and the run's secret, from which its noise comes. A retry, a reset or
 * a sweep that goes on has them all alike, so it is charged once. A run of another name, and one that begins anew after its
 * release, when the secret was destroyed, makes other noise: it is charged again.
 * Throws InvalidConfig where delta of the ledger is 1/n or more, or where the corpus is not to be read here and has no id.
 */
export function createQuoteBudget(deps: ActivityDeps) {
  return createRepeatable({
    input: dpStageInput,
    run: async (given): Promise<Quoted> => {
      const { run, config } = given.input;
      const { job, made, records, parts } = await stageOf(deps, given);
      if (made !== null) return { paid: true, made };
      const { ledger } = config.privacy;
      if (ledger === undefined)
        throw invalidConfig('privacy.ledger is not set: there is nothing to reserve in.');
      assertDeltaForRecords(ledger.delta, records);
      const secret = bindRunKey(await openRunSecret({ store: deps.store, run }), 'ledger');
      const release = [
        run,
        given.stage,
        await jobKey({ job, version: 'ledger' }),
        sha256(runKeyToBytes(secret)),
      ];
      const id = sha256(JSON.stringify(release)).slice(0, 16);
      return {
        paid: false,
        ledger: ledger.id ?? (await contentId(config)),
        reservation: { id, run, stage: given.stage, parts },
      };
    },
  });
}

async function stageOf(deps: ActivityDeps, given: DpStageInput): Promise<Stage> {
  if (given.stage === 'finetune') {
    const { input } = given;
    const step = finetuneStep(deps);
    if (!input.plan.private)
      throw invalidConfig('A training without privacy has no loss that a ledger can hold.');
    return {
      job: step.job(input),
      made: await findMade({ ...step, given: input }),
      records: input.plan.records,
      parts: [partOf(input.plan, 1), ...input.plan.otherParts],
    };
  }
  const { input } = given;
  const step = classifyStep(deps);
  const { privacy, classifier } = input.config;
  const { epsilon, delta, accountant } = privacy;
  if (epsilon === 'none')
    throw invalidConfig('A classifier without privacy has no loss that a ledger can hold.');
  const records = input.train.reduce((sum, { rows = 0 }) => sum + rows, 0);
  const plan = planPrivateClassifier({
    records,
    settings: classifier.dp,
    budget: { epsilon, delta, accountant },
  });
  return {
    job: step.job(input),
    made: await findMade({ ...step, given: input }),
    records,
    parts: [partOf(plan, classifier.seeds)],
  };
}

/** The steps of so many trainings under one plan. */
function partOf({ samplingRate, noiseMultiplier, steps }: DpPlanData, trainings: number): MechanismPart {
  return { samplingRate, noiseMultiplier, steps: steps * trainings };
}

/** Of the corpus as it is now. One that changes is another corpus to it: `privacy.ledger.id` keeps them together. */
async function contentId({ corpus }: ExperimentConfig): Promise<string> {
  return (await assetDigest({ asset: corpus.source })).slice(0, 32);
}
