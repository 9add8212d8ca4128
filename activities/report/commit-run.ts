import { basename } from 'node:path';
import { formatParquet, PARQUET_MEDIA_TYPE } from '../../engine/data/write-parquet.ts';
import { privacyStatement, type Ran } from '../../engine/privacy/statement.ts';
import { renderDatasetCard } from '../../engine/report/render-card.ts';
import { renderReport } from '../../engine/report/render-report.ts';
import { type LineageEntry, REPORT_DATA_FILE, type ReportData } from '../../engine/report/report-data.ts';
import { releasableScores, toRelease } from '../../engine/report/to-release.ts';
import type { ReportInput, ReportOutput } from '../../schemas/activities.ts';
import type { Area, ArtifactRef, Manifest, StoredArtifact } from '../../schemas/artifact.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { collectProxies } from './collect-proxies.ts';
import { collectScores } from './collect-scores.ts';
import { collectTextCounts } from './collect-text-counts.ts';
import { collectTuning } from './collect-tuning.ts';
import { measureTexts } from './measure-texts.ts';
import { mergeShards } from './merge-shards.ts';
import { stageCosts } from './stage-costs.ts';
import { trainingCurve } from './training-curve.ts';

/** Records of each label that the report and the card show. */
const SAMPLES = 4;
const PARQUET_FILE = 'synthetic.parquet';
const SEED_POLICY =
  'Split, sampling and classifier come from the public seed. Batch choice and noise came from a secret run key of the ' +
  'operating system, destroyed when the run was released.';

/**
 * Writes all that a run leaves, and commits it. What was not made by a DP mechanism stays in the private area, and so does everything
 * without `ran`, which says what a released statement must say.
 */
export async function commitRun(params: {
  deps: ActivityDeps;
  input: ReportInput;
  ran: Ran | null;
}): Promise<ReportOutput> {
  const { deps, input, ran } = params;
  const { store } = deps;
  const { run, config, plan, prepared, finetuned } = input;
  // Without DP the synthetic corpus is as private as the records that it was learned from.
  const isReleased = plan.mechanism.private && ran !== null;
  const corpusArea: Area = isReleased ? 'release' : 'private';
  const files = { private: listOf(deps, input, 'private'), release: listOf(deps, input, 'release') };
  const { private: inside, release: outside } = files;
  const ofCorpus = files[corpusArea];

  await inside.add('train', prepared.train, prepared.records);
  await inside.add('test', prepared.test, prepared.testRecords);
  const merged = async (name: string, file: string, shards: readonly ArtifactRef[]) => {
    const corpus = await mergeShards({
      store,
      shards,
      area: corpusArea,
      key: `${run}/${file}`,
      keepOfEach: SAMPLES,
      isDistinct: config.sampling.filter?.duplicates ?? false,
    });
    await ofCorpus.add(name, corpus.ref, corpus.records.length);
    return corpus;
  };
  const countsOf = (source: 'synthetic' | 'zero-shot', duplicates = 0) =>
    collectTextCounts({ store, run, source, shards: config.sampling.shards, duplicates });
  const synthetic = await merged('synthetic', 'synthetic.jsonl', input.synthetic);
  const parquet = formatParquet(synthetic.records);
  await ofCorpus.put(
    'synthetic-parquet',
    PARQUET_FILE,
    parquet,
    PARQUET_MEDIA_TYPE,
    synthetic.records.length,
  );
  const zeroShot =
    input.zeroShot.length === 0 ? undefined : await merged('zero-shot', 'zero-shot.jsonl', input.zeroShot);

  const allScores = await collectScores({ store, input });
  const scores = await inside.putJson('scores', 'scores.json', allScores);
  await inside.add('diagnostics', finetuned.diagnostics);
  const tuning = await collectTuning({ store, input });
  if (tuning !== null) await inside.putJson('tuning', 'tuning/summary.json', tuning);
  const proxies = await collectProxies({ store, input });
  if (proxies !== undefined) await inside.putJson('proxies', 'proxies.json', proxies);
  // The adapter is the output of the DP mechanism itself, so it may be shared like the corpus.
  if (isReleased) await outside.copy('adapter', finetuned.adapter);
  else await inside.add('adapter', finetuned.adapter);
  const statement = privacyStatement(plan.mechanism, ran);
  if (ran !== null)
    await outside.putJson('statement', 'statement.json', { ...statement, mechanism: plan.mechanism });

  const data: ReportData = {
    version: 'private',
    run,
    createdAt: input.startedAt,
    codeVersion: deps.codeVersion,
    config,
    trainingRecords: prepared.records,
    syntheticRecords: synthetic.records.length,
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
    textCounts: {
      synthetic: await countsOf('synthetic', synthetic.duplicates),
      zeroShot: await countsOf('zero-shot', zeroShot?.duplicates),
    },
    texts: await measureTexts({
      deps,
      model: config.model,
      synthetic: synthetic.records,
      zeroShot: zeroShot?.records ?? [],
      train: prepared.train,
    }),
    trainingCurve: await trainingCurve({ store, diagnostics: finetuned.diagnostics }),
    stages: await stageCosts({ store, run }),
    lineage: [...lineage('private', inside.entries), ...lineage('release', outside.entries)],
  };
  await inside.putJson('report-data', REPORT_DATA_FILE, data);
  const report = await inside.put('report', 'report.html', renderReport(data), 'text/html');
  let releaseReport: ArtifactRef | null = null;
  if (isReleased) {
    const page = renderReport({ ...data, version: 'release' });
    releaseReport = await outside.put('report', 'report.html', page, 'text/html');
    await outside.put(
      'card',
      'README.md',
      renderDatasetCard({ data, dataFile: PARQUET_FILE }),
      'text/markdown',
    );
  }

  await inside.commit(config);
  const release = ran === null ? null : await outside.commit(toRelease(data).config);
  return {
    report,
    release,
    releaseReport,
    synthetic: synthetic.ref,
    syntheticRecords: synthetic.records.length,
    scores,
    published: plan.mechanism.private ? releasableScores(allScores, config.corpus.testSetIsPublic) : null,
    statement: statement.line,
    training: {
      epsilon: plan.mechanism.epsilon,
      trainableParameters: finetuned.trainableParameters,
      ...(finetuned.cachedFrom === undefined ? {} : { cachedFrom: finetuned.cachedFrom }),
    },
  };
}

/** What a run leaves in one area, under the names that its manifest gives. */
function listOf({ store, codeVersion }: ActivityDeps, { run, startedAt }: ReportInput, area: Area) {
  const entries: Record<string, StoredArtifact> = {};
  const list = {
    entries,

    /** Lists an artifact that is there already. */
    async add(name: string, ref: ArtifactRef, rows?: number): Promise<ArtifactRef> {
      entries[name] = await store.describe(ref, { rows });
      return ref;
    },

    async put(name: string, file: string, body: string | Uint8Array, mediaType: string, rows?: number) {
      const key = `${run}/${file}`;
      return list.add(name, await store.put({ area, key, body, mediaType, replace: true }), rows);
    },

    putJson(name: string, file: string, value: unknown): Promise<ArtifactRef> {
      return list.put(name, file, `${JSON.stringify(value, null, 2)}\n`, 'application/json');
    },

    async copy(name: string, ref: ArtifactRef): Promise<ArtifactRef> {
      return list.put(name, basename(new URL(ref.uri).pathname), await store.read(ref), ref.mediaType);
    },

    commit(config: Manifest['config']): Promise<ArtifactRef> {
      const { train, test } = entries;
      return store.commitManifest({
        run,
        area,
        createdAt: startedAt,
        codeVersion,
        config,
        seedPolicy: SEED_POLICY,
        inputs: area === 'private' ? { train, test } : {},
        outputs: entries,
      });
    },
  };
  return list;
}

function lineage(area: Area, refs: Record<string, StoredArtifact>): LineageEntry[] {
  return Object.entries(refs).map(([name, ref]) => ({ name, area, ref }));
}
