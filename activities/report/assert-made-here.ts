import { isDeepStrictEqual } from 'node:util';
import { planOutput, type ReportInput } from '../../schemas/activities.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { chosenTextsSchema, sampledSchema, trainedSchema } from '../../schemas/jobs.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { preparedOf } from '../ledger/ledger-of.ts';
import { keptResult, keptSteps } from '../step.ts';

/**
 * What is about to be released must be what the steps of this very run have left in the store, whatever a workflow says of it: a
 * private artifact under the name of an adapter would be copied into the release.
 * Throws ArtifactCorrupt if it is not; InvalidConfig if the corpus was prepared under other settings.
 */
export async function assertMadeHere(params: { store: ArtifactStore; input: ReportInput }): Promise<void> {
  const { store, input } = params;
  const { run, config } = input;
  const prepared = await preparedOf({ store, run, config });
  const plan = await keptResult({ store, run, name: 'plan', output: planOutput });
  const trained = await keptResult({ store, run, name: 'finetune', output: trainedSchema });
  const selected = await keptResult({ store, run, name: 'select', output: chosenTextsSchema });
  const steps = await keptSteps({ store, run });
  const sampled = (stage: 'sample' | 'zeroShot') =>
    steps.filter((step) => step.stage === stage).map(({ output }) => sampledSchema.parse(output).corpus);
  const made: [string, unknown, unknown][] = [
    ['the corpus', input.prepared, prepared],
    ['the plan', input.plan, plan],
    ['the adapter', input.finetuned, config.training.steps === 0 ? null : trained],
    ['the selection', input.selected, plan?.selection === undefined ? undefined : (selected ?? null)],
  ];
  for (const [what, given, kept] of made) if (!isDeepStrictEqual(given, kept)) throw notMade(run, what);
  for (const [what, given, kept] of [
    ['the synthetic corpus', input.synthetic, sampled('sample')],
    ['the zero-shot corpus', input.zeroShot, sampled('zeroShot')],
  ] as const)
    if (!given.every((ref) => kept.some((one) => isDeepStrictEqual(one, ref)))) throw notMade(run, what);
}

function notMade(run: string, what: string): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `${what[0].toUpperCase()}${what.slice(1)} that is to be released is not what the steps of the run ${run} have made. Start the run anew.`,
  });
}
