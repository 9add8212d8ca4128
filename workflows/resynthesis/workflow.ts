import {
  CancellationScope,
  executeChild,
  isCancellation,
  log,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { ErrorType } from '../../schemas/errors.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import { parseResynthesis } from '../../schemas/parse-resynthesis.ts';
import type { ResynthesisResult } from '../../schemas/resynthesis.ts';
import { attributesOfRun } from '../../schemas/search-attributes.ts';
import { experiment } from '../experiment/workflow.ts';
import { control, cpu } from '../shared/activity-proxies.ts';
import { causeOf, runFailure, whyOf } from '../shared/failure.ts';
import { page } from '../shared/markdown.ts';
import { hasSearchAttributes } from '../shared/search-attributes.ts';

/**
 * Runs one tick of a scheduled re-synthesis. An experiment over the records of the next version makes that
 * version of the release, unless no record has changed or no budget is left. If the tick fails, the last
 * version stays current. Fails with an ApplicationFailure of one of the types in schemas/errors.ts.
 */
export async function resynthesis(input: unknown): Promise<ResynthesisResult> {
  try {
    const { release, mode, experiment: config } = parseResynthesis(input);
    // A reset of this tick has the same id, so it continues with the version that it opened.
    const tick = workflowInfo().firstExecutionRunId;
    const opened = await cpu.openVersion.executeWithOptions(
      { activityId: 'openVersion', summary: `${mode}: ${config.corpus.source}`.slice(0, 190) },
      [{ release, mode, experiment: config, tick }],
    );
    const { version, reason } = opened;
    if (version === null) return ended({ outcome: 'skipped', release, reason: reason ?? 'unchanged' });

    const run = `${release}-v${version}`;
    let result: ExperimentResult;
    try {
      result = await runVersion({ run, config, part: `${release}/${version}` });
    } catch (error) {
      await giveBack({ release, version, run }, error);
      const cause = causeOf(error);
      if (cause?.type !== ErrorType.BudgetExceeded) throw error;
      return ended({ outcome: 'skipped', release, reason: 'no-budget', why: cause.message });
    }
    await control.publishVersion.executeWithOptions(
      { activityId: 'publishVersion', summary: `version ${version} of ${release}` },
      [{ release, version, mode, at: new Date().toISOString(), result }],
    );
    return ended({ outcome: 'published', release, version, run, manifest: result.release! });
  } catch (error) {
    throw isCancellation(error) ? error : runFailure(error);
  }
}

function runVersion(params: { run: string; config: ExperimentConfig; part: string }) {
  const { run, config, part } = params;
  return executeChild(experiment, {
    workflowId: run,
    args: [{ ...config, corpus: { ...config.corpus, part } }],
    parentClosePolicy: 'REQUEST_CANCEL',
    staticSummary: `Version ${part}`,
    ...(hasSearchAttributes() ? { typedSearchAttributes: attributesOfRun({ config }) } : {}),
  });
}

/**
 * Frees the records of a version that revealed nothing. A child that was terminated or timed out may
 * have revealed something.
 */
async function giveBack(
  version: { release: string; version: number; run: string },
  error: unknown,
): Promise<void> {
  const type = causeOf(error)?.type;
  const isKnown = isCancellation(error) || (type !== undefined && type !== ErrorType.NoProgress);
  if (!isKnown) return;
  try {
    await CancellationScope.nonCancellable(() =>
      control.closeVersion.executeWithOptions(
        { activityId: 'closeVersion', summary: `check whether anything of ${version.run} was observed` },
        [version],
      ),
    );
  } catch (failure) {
    log.warn('The records of the version could not be freed: they stay marked as used', {
      why: whyOf(failure),
    });
  }
}

function ended(result: ResynthesisResult): ResynthesisResult {
  setCurrentDetails(
    page([
      result.outcome === 'published'
        ? `Version ${result.version} is published: \`${result.manifest.uri}\``
        : `Skipped (${result.reason}). The last version stays current. ${result.why ?? ''}`,
    ]),
  );
  return result;
}
