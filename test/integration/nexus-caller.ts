import { createNexusServiceClient } from '@temporalio/workflow';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { dpsynthService, type NexusStart } from '../../schemas/nexus-service.ts';

/** A workflow of another team: it knows the endpoint and the service. */
export async function caller(input: NexusStart<ExperimentInput>): Promise<ExperimentResult> {
  const dpsynth = createNexusServiceClient({ endpoint: 'dpsynth', service: dpsynthService });
  return dpsynth.executeOperation('runExperiment', input, { scheduleToCloseTimeout: '5 minutes' });
}
