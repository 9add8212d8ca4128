import { basename } from 'node:path';
import { formatParquet, PARQUET_MEDIA_TYPE } from '../../engine/data/write-parquet.ts';
import { privacyStatement } from '../../engine/privacy/statement.ts';
import { renderDatasetCard } from '../../engine/report/render-card.ts';
import { renderReport } from '../../engine/report/render-report.ts';
import { type LineageEntry, REPORT_DATA_FILE, type ReportData } from '../../engine/report/report-data.ts';
import { releasableScores, toRelease } from '../../engine/report/to-release.ts';
import type { ReportInput, ReportOutput } from '../../schemas/activities.ts';
import type { Area, ArtifactRef, Manifest } from '../../schemas/artifact.ts';
import { STAGES, type Stage } from '../../schemas/names.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { collectProxies } from './collect-proxies.ts';
import { collectScores } from './collect-scores.ts';
import { collectTuning } from './collect-tuning.ts';
import { measureTexts } from './measure-texts.ts';
import { mergeShards } from './merge-shards.ts';
import { trainingCurve } from './training-curve.ts';

/** Records of each label that the report and the card show. */
const SAMPLES = 4;
const PARQUET_FILE = 'synthetic.parquet';
const SEED_POLICY =
  'Split, sampling and classifier come from the public seed. Batch choice and noise came from a secret run key of the ' +
  'operating system, destroyed when the run was released.';
/** Stages whose time and memory owe nothing to private records. */
const READS_NOTHING_PRIVATE: readonly string[] = ['plan', 'sample', 'zeroShot'] satisfies Stage[];

/** Writes all that a run leaves, and commits it. What was not made by a DP mechanism stays in the private area. */
export async function commitRun(params: { deps: ActivityDeps; input: ReportInput }): Promise<ReportOutput> {
  const { deps, input } = params;
  const { store } = deps;
  const { run, config, plan, prepared, finetuned } = input;
  const dp = plan.mechanism.private;
  // Without DP the synthetic corpus is as private as the records that it was learned from.
  const corpusArea: Area = dp ? 'release' : 'private';
  const put = (area: Area, name: string, body: string | Uint8Array, mediaType: string, rows?: number) =>
    store.put({ area, key: `${run}/${name}`, body, mediaType, rows, replace: true });

  const merge = (area: Area, name: string, shards: readonly ArtifactRef[]) =>
    mergeShards({ store, shards, area, key: `${run}/${name}`, keepOfEach: SAMPLES });
  const synthetic = await merge(corpusArea, 'synthetic.jsonl', input.synthetic);
  const parquet = await put(
    corpusArea,
    PARQUET_FILE,
    formatParquet(synthetic.records),
    PARQUET_MEDIA_TYPE,
    synthetic.records.length,
  );
  const zeroShot =
    input.zeroShot.length === 0 ? undefined : await merge(corpusArea, 'zero-shot.jsonl', input.zeroShot);
  const allScores = await collectScores({ store, input });
  const scores = await put('private', 'scores.json', json(allScores), 'application/json');
  const tuning = await collectTuning({ store, input });
  const proxies = await collectProxies({ store, input });
  const published = dp ? releasableScores(allScores, config.corpus.testSetIsPublic) : null;
  const statement = privacyStatement(plan.mechanism);

  const inside: Record<string, ArtifactRef> = {
    train: prepared.train,
    test: prepared.test,
    scores,
    diagnostics: finetuned.diagnostics,
  };
  if (tuning !== null)
    inside.tuning = await put('private', 'tuning/summary.json', json(tuning), 'application/json');
  if (proxies !== undefined)
    inside.proxies = await put('private', 'proxies.json', json(proxies), 'application/json');
  const outside: Record<string, ArtifactRef> = {};
  const ofCorpus = dp ? outside : inside;
  ofCorpus.synthetic = synthetic.ref;
  ofCorpus['synthetic-parquet'] = parquet;
  if (zeroShot !== undefined) ofCorpus['zero-shot'] = zeroShot.ref;
  if (dp) outside.adapter = await copyToRelease(params, finetuned.adapter);
  else inside.adapter = finetuned.adapter;
  outside.statement = await put(
    'release',
    'statement.json',
    json({ ...statement, mechanism: plan.mechanism }),
    'application/json',
  );

  const data: ReportData = {
    version: 'private',
    run,
    createdAt: input.startedAt,
    codeVersion: deps.codeVersion,
    config,
    trainingRecords: prepared.records,
    syntheticRecords: synthetic.ref.rows ?? 0,
    statement,
    plan: {
      noiseMultiplier: plan.mechanism.noiseMultiplier,
      delta: plan.mechanism.delta,
      samplingRate: plan.mechanism.samplingRate,
      trainableParameters: plan.trainableParameters,
      noiseToClippingRatio: plan.noiseToClippingRatio,
      warnings: plan.warnings,
    },
    scores: allScores,
    ...(tuning === null ? {} : { tuning }),
    ...(proxies === undefined ? {} : { proxies }),
    samples: { synthetic: synthetic.first, zeroShot: zeroShot?.first ?? [] },
    texts: await measureTexts({
      deps,
      model: config.model,
      synthetic: synthetic.records,
      zeroShot: zeroShot?.records ?? [],
      train: prepared.train,
    }),
    trainingCurve: await trainingCurve({ store, diagnostics: finetuned.diagnostics }),
    stages: input.stages.map((stage) => ({
      ...stage,
      stage: STAGES[stage.stage as Stage] ?? stage.stage,
      readsPrivate: !READS_NOTHING_PRIVATE.includes(stage.stage),
    })),
    lineage: [...lineage('private', inside), ...lineage('release', outside)],
  };
  inside['report-data'] = await put('private', REPORT_DATA_FILE, json(data), 'application/json');
  const report = await put('private', 'report.html', renderReport(data), 'text/html');
  inside.report = report;
  let releaseReport = report;
  if (dp) {
    releaseReport = await put(
      'release',
      'report.html',
      renderReport({ ...data, version: 'release' }),
      'text/html',
    );
    outside.report = releaseReport;
    const card = renderDatasetCard({ data, dataFile: PARQUET_FILE });
    outside.card = await put('release', 'README.md', card, 'text/markdown');
  }

  const manifest = (area: Area, outputs: Manifest['outputs']): Manifest => ({
    run,
    area,
    createdAt: input.startedAt,
    codeVersion: deps.codeVersion,
    config: area === 'private' ? config : toRelease(data).config,
    seedPolicy: SEED_POLICY,
    inputs: area === 'private' ? { train: prepared.train, test: prepared.test } : {},
    outputs,
  });
  await store.commitManifest(manifest('private', inside));
  const release = await store.commitManifest(manifest('release', outside));
  return {
    report,
    release,
    releaseReport,
    synthetic: synthetic.ref,
    scores,
    published,
    statement: statement.line,
    training: {
      epsilon: plan.mechanism.epsilon,
      trainableParameters: finetuned.trainableParameters,
      seconds: finetuned.seconds,
      peakRssBytes: finetuned.peakRssBytes,
      ...(finetuned.cachedFrom === undefined ? {} : { cachedFrom: finetuned.cachedFrom }),
    },
  };
}

/** The adapter is the output of the DP mechanism itself, so it may be shared like the corpus. */
async function copyToRelease(
  { deps, input }: { deps: ActivityDeps; input: ReportInput },
  adapter: ArtifactRef,
) {
  const body = await deps.store.read(adapter);
  const key = `${input.run}/${basename(new URL(adapter.uri).pathname)}`;
  return deps.store.put({ area: 'release', key, body, mediaType: adapter.mediaType, replace: true });
}

function lineage(area: Area, refs: Record<string, ArtifactRef>): LineageEntry[] {
  return Object.entries(refs).map(([name, ref]) => ({ name, area, ref }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
