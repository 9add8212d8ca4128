import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import { HandlerError, type StartOperationContext, serviceHandler } from 'nexus-rpc';
import { DpsynthError } from '../schemas/errors.ts';
import type { ExperimentInput } from '../schemas/experiment.ts';
import type { ExperimentResult } from '../schemas/experiment-state.ts';
import { WorkflowType } from '../schemas/names.ts';
import { dpsynthService, type NexusStart } from '../schemas/nexus-service.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import { expandSweep } from '../schemas/sweep/expand-sweep.ts';
import type { SweepInput } from '../schemas/sweep/sweep.ts';
import type { SweepState } from '../schemas/sweep/sweep-state.ts';

/** Answers the operations of `dpsynthService` by starting workflows on the queue of this worker. */
export const dpsynthServiceHandler = serviceHandler(dpsynthService, {
  runExperiment: new WorkflowRunOperationHandler<NexusStart<ExperimentInput>, ExperimentResult>(
    async (context, { config, id = idOf(context) }) => {
      const parsed = valid(() => parseExperiment(config));
      return unlessTaken(id, () =>
        startWorkflow(context, WorkflowType.experiment, {
          workflowId: id,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          args: [parsed],
        }),
      );
    },
  ),
  runSweep: new WorkflowRunOperationHandler<NexusStart<SweepInput>, SweepState>(
    async (context, { config, id = idOf(context) }) => {
      valid(() => expandSweep({ input: config, run: id }));
      return unlessTaken(id, () =>
        startWorkflow(context, WorkflowType.sweep, { workflowId: id, args: [config] }),
      );
    },
  ),
});

function idOf({ requestId }: StartOperationContext): string {
  return `nexus-${requestId}`;
}

/** An id that another run has is refused at once. A repeated request finds its own run, which the server knows by the request. */
async function unlessTaken<T>(id: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // CONFLICT would say it better, but servers (1.29) do not know it, and try again what they do not know.
    throw new HandlerError('BAD_REQUEST', `There is a run ${id} already. Give another id, or none.`);
  }
}

/** Settings that no retry makes valid are refused at once, and nothing is started. */
function valid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DpsynthError)) throw error;
    throw new HandlerError('BAD_REQUEST', error.message);
  }
}
