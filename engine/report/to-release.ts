import type { CorpusProxies, Proxies } from '../../schemas/evaluations/proxies.ts';
import { type Tuning, tuningSourceSchema } from '../../schemas/evaluations/tuning.ts';
import type { ScoreSource, Scores } from '../../schemas/scores.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import type { EvaluationConfig } from '../../schemas/settings/evaluation.ts';
import type { ReportData } from './report-data.ts';

/**
 * Rows computed from the private training records outside the mechanism of the release. The row `real-dp`
 * spends its own budget, which the released statement does not count.
 */
const OUTSIDE_THE_MECHANISM: readonly ScoreSource[] = ['majority', 'real-dp', 'real'];

/** Corpora that depend on private records only through the mechanism. */
const WRITTEN_BY_MODELS: readonly ScoreSource[] = ['synthetic', 'zero-shot'];

const WITHHELD =
  'computed from the private training records outside the stated budget of this release, so not released';

/**
 * Returns the copy of a report's data that may be published. Paths are shortened to file names. Removed are:
 *
 * - the training curve and the cost of stages that read private records;
 * - private artifacts, and the lengths, words and proxies of the real records;
 * - all scores if the test set is private, else the rows computed from private training records outside the
 * mechanism;
 * - for a run without privacy, all scores, synthetic records, and statistics and counts of texts.
 */
export function toRelease(data: ReportData): ReportData {
  const isPrivate = data.config.privacy.epsilon !== 'none';
  return {
    // Listed one by one, so that a new part of a report stays private until someone adds it here.
    version: 'release',
    run: data.run,
    createdAt: data.createdAt,
    codeVersion: data.codeVersion,
    trainingRecords: data.trainingRecords,
    syntheticRecords: data.syntheticRecords,
    statement: data.statement,
    plan: data.plan,
    config: {
      ...data.config,
      model: fileName(data.config.model),
      corpus: withoutFolders(data.config.corpus),
      evaluation: withoutPaths(data.config.evaluation),
    },
    scores:
      isPrivate && data.scores ? releasableScores(data.scores, data.config.corpus.testSetIsPublic) : null,
    selection: isPrivate ? data.selection : undefined,
    tuning: isPrivate && data.tuning ? syntheticSearch(data.tuning) : undefined,
    proxies:
      isPrivate && data.proxies
        ? releasableProxies(data.proxies, data.config.corpus.testSetIsPublic)
        : undefined,
    samples: isPrivate ? data.samples : { ...data.samples, synthetic: [] },
    textCounts: isPrivate ? data.textCounts : undefined,
    texts: isPrivate ? ofModels(data.texts) : null,
    trainingCurve: [],
    stages: data.stages.filter((stage) => !stage.readsPrivate),
    lineage: data.lineage
      .filter((entry) => entry.area === 'release')
      .map((entry) => ({ ...entry, ref: { ...entry.ref, uri: insideRelease(entry.ref.uri) } })),
  };
}

/**
 * Keeps the search on synthetic texts, which uses no real record. Searches on real records train on them
 * without privacy.
 */
function syntheticSearch(tuning: Tuning): Tuning {
  const onReal = tuningSourceSchema.exclude(['synthetic']).options;
  return {
    searches: tuning.searches.filter(({ source }) => source === 'synthetic'),
    missing: [
      ...tuning.missing.filter(({ source }) => source === 'synthetic'),
      ...onReal.map((source) => ({ source, why: WITHHELD })),
    ],
    agreement: { synthetic: null, real: null },
  };
}

/**
 * Keeps the proxies of generated texts. Those against the real test records are kept only if the test set is
 * public. The row of the real records is computed from private training records.
 */
function releasableProxies({ corpora, missing }: Proxies, testSetIsPublic: boolean): Proxies {
  const written = ({ source }: { source: CorpusProxies['source'] }) => WRITTEN_BY_MODELS.includes(source);
  return {
    corpora: corpora.filter(written).map(({ source, records, alone, againstReal }) => ({
      source,
      records,
      alone,
      againstReal: testSetIsPublic ? againstReal : null,
    })),
    missing: missing.filter(written),
  };
}

/** Keeps lengths and words of generated texts. Bins and word pairs come from the synthetic corpus. */
function ofModels(texts: ReportData['texts']): ReportData['texts'] {
  return (
    texts && { ...texts, corpora: texts.corpora.filter(({ source }) => WRITTEN_BY_MODELS.includes(source)) }
  );
}

/** Returns the scores that may be published, or null if the test set is private. */
export function releasableScores(scores: Scores, testSetIsPublic: boolean): Scores | null {
  if (!testSetIsPublic) return null;
  const withheld = scores.rows.filter((row) => OUTSIDE_THE_MECHANISM.includes(row.source));
  return {
    ...scores,
    rows: scores.rows.filter((row) => !OUTSIDE_THE_MECHANISM.includes(row.source)),
    differences: scores.differences?.filter(({ minus }) => !OUTSIDE_THE_MECHANISM.includes(minus)),
    missing: [...scores.missing, ...withheld.map((row) => ({ source: row.source, why: WITHHELD }))],
  };
}

/** Removes folders from the source and from a separate test source. */
function withoutFolders(corpus: CorpusConfig): CorpusConfig {
  const { source, test } = corpus;
  return {
    ...corpus,
    source: fileName(source),
    ...(typeof test === 'string' ? { test: fileName(test) } : {}),
  };
}

/** Removes the path of the proxies' encoder, which may be a local folder. */
function withoutPaths(evaluation: EvaluationConfig): EvaluationConfig {
  const { proxies } = evaluation;
  return proxies === undefined
    ? evaluation
    : { ...evaluation, proxies: { ...proxies, encoder: fileName(proxies.encoder) } };
}

/**
 * Returns the path of an artifact inside the release area; the rest of its address is local to this machine.
 */
function insideRelease(uri: string): string {
  return uri.replace(/^.*\/release\//, 'release/');
}

/**
 * Returns only the file name of a path or s3:// URI, since the rest is local to this machine. Hub names are
 * public and stay unchanged.
 */
function fileName(path: string): string {
  if (path.startsWith('hub:')) return path;
  const bare = path.startsWith('s3://') ? path.replace(/\?.*$/, '') : path;
  return bare.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
