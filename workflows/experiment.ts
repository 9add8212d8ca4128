import { isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ReportInput } from '../schemas/activities.ts';
import type { ArtifactRef } from '../schemas/artifact.ts';
import { invalidConfig } from '../schemas/errors.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import type { ExperimentResult } from '../schemas/experiment-state.ts';
import type { PreparedCorpus } from '../schemas/jobs.ts';
import { RUN_NAME } from '../schemas/names.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import type { ScoreSource } from '../schemas/scores.ts';
import { control, cpu, gpu } from './activity-proxies.ts';
import { allOrCancel } from './all-or-cancel.ts';
import { runFailure, whyOf } from './failure.ts';
import { halveOnOutOfMemory } from './halve-on-out-of-memory.ts';
import { experimentState } from './queries.ts';
import { type StageTracker, trackStages } from './stage-tracker.ts';

/**
 * One experiment: from a private corpus to a scored synthetic corpus. The run's name is the workflow id.
 * Fails with an ApplicationFailure of one of the types in schemas/errors.ts.
 */
export async function experiment(input: unknown): Promise<ExperimentResult> {
  const run = workflowInfo().workflowId;
  try {
    const config = parseExperiment(input);
    if (!RUN_NAME.test(run))
      throw invalidConfig(
        `The workflow id ${JSON.stringify(run)} cannot name a run: use up to 128 letters, digits, dots, dashes and underscores.`,
      );
    const tracker = trackStages({ run, name: config.name });
    setHandler(experimentState, () => tracker.state);
    return await runStages({ run, config, tracker });
  } catch (error) {
    throw isCancellation(error) ? error : runFailure(error);
  }
}

type Scope = { run: string; config: ExperimentConfig; tracker: StageTracker };

async function runStages({ run, config, tracker }: Scope): Promise<ExperimentResult> {
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

  const finetuned = await tracker.stage('finetune', 1, () =>
    halveOnOutOfMemory(config.training.microBatch, (microBatch) =>
      tracker.count(
        'finetune',
        gpu.finetune.executeWithOptions(
          named(`finetune-${microBatch}`, `${config.training.steps} steps, micro-batch ${microBatch}`),
          [{ ...base, train: prepared.train, plan: plan.mechanism, microBatch }],
        ),
      ),
    ),
  );

  const { synthetic, zeroShot } = await sampleBoth({ run, config, tracker }, finetuned.adapter);
  const heldOut = await measureHeldOut({ run, config, tracker }, { adapter: finetuned.adapter, prepared });
  const rows = await scoreRows({ run, config, tracker }, { prepared, synthetic, zeroShot });

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
          synthetic,
          zeroShot: zeroShot.refs,
          rows,
          ...(heldOut ? { heldOut } : {}),
          stages: tracker.costs(),
        },
      ]),
    ),
  );
  tracker.show({ result });
  return { ...result, run };
}

/** The loss of held-out text under both models, where it is asked for. Without it the run goes on. */
async function measureHeldOut(
  { run, config, tracker }: Scope,
  { adapter, prepared }: { adapter: ArtifactRef; prepared: PreparedCorpus },
): Promise<ReportInput['heldOut']> {
  if (config.evaluation.heldOut === 0) {
    tracker.skip('heldOut');
    return undefined;
  }
  const measure = async (which: 'tuned' | 'untuned', from: ArtifactRef | null) => {
    const { loss } = await tracker.count(
      'heldOut',
      gpu.heldOut.executeWithOptions(named(`heldOut-${which}`, `the ${which} model`), [
        { run, config, adapter: from, test: prepared.test },
      ]),
    );
    return loss;
  };
  try {
    const [tuned, untuned] = await tracker.stage('heldOut', 2, () =>
      allOrCancel(() => [measure('tuned', adapter), measure('untuned', null)]),
    );
    return { tuned, untuned };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return undefined;
  }
}

type ZeroShot = { refs: ArtifactRef[]; why?: string };

/** Both corpora, on the one GPU queue: synthetic shards go in first. A missing zero-shot corpus only costs a row. */
async function sampleBoth(scope: Scope, adapter: ArtifactRef) {
  const shards = Array.from({ length: scope.config.sampling.shards }, (_, shard) => shard);
  const sampleAll = (stage: 'sample' | 'zeroShot', from: ArtifactRef | null) =>
    scope.tracker.stage(stage, shards.length, () =>
      allOrCancel(() => shards.map((shard) => sampleShard(scope, { stage, adapter: from, shard }))),
    );
  const sampleZeroShot = async (): Promise<ZeroShot> => {
    if (!isAsked(scope, 'zero-shot')) {
      scope.tracker.skip('zeroShot');
      return { refs: [] };
    }
    try {
      return { refs: await sampleAll('zeroShot', null) };
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { refs: [], why: whyOf(error) };
    }
  };
  const [synthetic, zeroShot] = await allOrCancel<ZeroShot>(() => [
    sampleAll('sample', adapter).then((refs) => ({ refs })),
    sampleZeroShot(),
  ]);
  return { synthetic: synthetic.refs, zeroShot };
}

async function sampleShard(
  scope: Scope,
  params: { stage: 'sample' | 'zeroShot'; adapter: ArtifactRef | null; shard: number },
) {
  const { run, config, tracker } = scope;
  const { stage, adapter, shard } = params;
  const { corpus } = await halveOnOutOfMemory(config.sampling.batch, (batch) =>
    tracker.count(
      stage,
      gpu.sampleShard.executeWithOptions(
        named(`${stage}-${shard}-${batch}`, `shard ${shard + 1} of ${config.sampling.shards}`),
        [{ run, config: { ...config, sampling: { ...config.sampling, batch } }, adapter, shard }],
      ),
    ),
  );
  return corpus;
}

/** The rows of the result table. A row that fails is missing from the report with its reason; the run goes on. */
async function scoreRows(
  scope: Scope,
  corpora: { prepared: PreparedCorpus; synthetic: ArtifactRef[]; zeroShot: ZeroShot },
): Promise<ReportInput['rows']> {
  const { run, config, tracker } = scope;
  const { prepared, synthetic, zeroShot } = corpora;
  const all: { source: ScoreSource; train: ArtifactRef[]; why?: string }[] = [
    { source: 'majority', train: [prepared.train] },
    { source: 'zero-shot', train: zeroShot.refs, why: zeroShot.why },
    { source: 'synthetic', train: synthetic },
    config.privacy.epsilon === 'none'
      ? { source: 'real-dp', train: [], why: 'without privacy it is the row of the real records' }
      : { source: 'real-dp', train: [prepared.train] },
    { source: 'real', train: [prepared.train] },
  ];
  const asked = all.filter(({ source }) => isAsked(scope, source));
  return tracker.stage('classify', asked.length, () =>
    allOrCancel(() =>
      asked.map(async ({ source, train, why }) => {
        if (train.length === 0) return { source, row: null, why: why ?? 'there is no corpus to train on' };
        try {
          const { row } = await tracker.count(
            'classify',
            cpu.classify.executeWithOptions(named(`classify-${source}`, source), [
              { run, config, source, train, test: prepared.test },
            ]),
          );
          return { source, row };
        } catch (error) {
          if (isCancellation(error)) throw error;
          return { source, row: null, why: whyOf(error) };
        }
      }),
    ),
  );
}

function isAsked({ config }: Scope, source: ScoreSource): boolean {
  return source === 'synthetic' || config.evaluation.baselines.includes(source);
}

/** Activity ids that people can read: clients find a stage's live progress by the part before the first dash. */
function named(activityId: string, summary: string) {
  return { activityId, summary: summary.slice(0, 200) };
}
