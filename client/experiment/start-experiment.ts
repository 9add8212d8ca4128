import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { invalidConfig } from '../../schemas/errors.ts';
import type { ExperimentConfig, ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { attributesOfRun } from '../../schemas/search-attributes.ts';
import { assertSize } from '../assert-size.ts';
import { registeredAttributes } from '../registered-attributes.ts';
import { createRunId } from '../run-id.ts';

export type StartedExperiment = { run: string; config: ExperimentConfig; handle: WorkflowHandle };

/**
 * Validates an experiment and starts it. The workflow id is the run id. With the id of a failed or
 * cancelled run it resumes that run with the same draws and noise; a training under another id would be
 * a second release.
 * Throws InvalidConfig if the config is not valid or too large, or the id is taken. Then nothing is started.
 */
export async function startExperiment(params: {
  client: Client;
  config: ExperimentInput;
  /** @default a readable new id, see createRunId */
  id?: string;
}): Promise<StartedExperiment> {
  const config = parseExperiment(params.config);
  assertSize('The experiment', config);
  const run = params.id ?? createRunId({ name: config.name });
  try {
    const handle = await params.client.workflow.start(WorkflowType.experiment, {
      taskQueue: TaskQueue.control,
      workflowId: run,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      args: [config],
      staticSummary: summarize(config),
      memo: { name: config.name, model: config.model },
      typedSearchAttributes: await registeredAttributes(params.client, attributesOfRun({ config })),
    });
    return { run, config, handle };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw invalidConfig(`The run id ${run} is taken. Choose another id, or leave it out.`);
    throw error;
  }
}

function summarize({ corpus, model, privacy }: ExperimentConfig): string {
  const budget = privacy.epsilon === 'none' ? 'no DP' : `ε ${privacy.epsilon}`;
  return `${corpus.source}, ${corpus.labels.length} labels, ${model}, ${budget}`.slice(0, 190);
}
