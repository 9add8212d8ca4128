import { isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import { invalidConfig } from '../../schemas/errors.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { RUN_NAME } from '../../schemas/names.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { control, cpu } from '../shared/activity-proxies.ts';
import { runFailure } from '../shared/failure.ts';
import { experimentState } from './messages.ts';
import { evaluate } from './stages/evaluate.ts';
import { finetune } from './stages/finetune.ts';
import { sampleCorpora } from './stages/sample-corpora.ts';
import { named, type Scope } from './stages/scope.ts';
import { selectTexts } from './stages/select.ts';
import { trackStages } from './tracker.ts';

/**
 * Runs one experiment, from a private corpus to a scored synthetic corpus. The workflow id is the name of the
 * run. Fails with an ApplicationFailure of one of the types in schemas/errors.ts.
 */
export async function experiment(input: unknown): Promise<ExperimentResult> {
  const run = workflowInfo().workflowId;
  try {
    const config = parseExperiment(input);
    if (!RUN_NAME.test(run))
      throw invalidConfig(
        `The workflow id ${JSON.stringify(run)} cannot name a run. Use up to 128 letters, digits, dots, dashes and underscores.`,
      );
    const { trialOf } = config;
    if (trialOf !== undefined && workflowInfo().parent?.workflowId !== trialOf)
      throw invalidConfig('trialOf is set by the workflow `sweep` for its own runs. Leave it out.');
    const tracker = trackStages({ run, name: config.name });
    setHandler(experimentState, () => tracker.state);
    return await runStages({ run, config, tracker });
  } catch (error) {
    throw isCancellation(error) ? error : runFailure(error);
  }
}

async function runStages(scope: Scope): Promise<ExperimentResult> {
  const { run, config, tracker } = scope;
  const base = { run, config };
  const startedAt = new Date().toISOString();

  const prepared = await tracker.stage('prepare', 1, () =>
    tracker.count('prepare', cpu.prepare.executeWithOptions(named('prepare', config.corpus.source), [base])),
  );
  const plan = await tracker.stage('plan', 1, () =>
    tracker.count(
      'plan',
      control.plan.executeWithOptions(named('plan', config.model), [{ ...base, records: prepared.records }]),
    ),
  );
  tracker.show({ plan });

  const finetuned = await finetune(scope, { prepared, plan });
  const adapter = finetuned?.adapter ?? null;

  const { sampled: pool, zeroShot } = await sampleCorpora(scope, adapter);
  const selected = await selectTexts(scope, { prepared, plan, pool });
  const synthetic = selected === undefined ? pool : [selected.corpus];
  const evaluated = await evaluate(scope, { prepared, adapter, synthetic, zeroShot });

  const result = await tracker.stage('report', 1, () =>
    tracker.count(
      'report',
      control.report.executeWithOptions(named('report', 'report and release'), [
        {
          ...base,
          startedAt,
          prepared,
          plan,
          finetuned,
          synthetic: pool,
          ...(selected ? { selected } : {}),
          zeroShot: zeroShot.refs,
          ...evaluated,
        },
      ]),
    ),
  );
  tracker.show({ result });
  return { ...result, run };
}
