import type { CorpusProxies, Proxies } from '../../schemas/proxies.ts';
import type { ScoreSource, Scores } from '../../schemas/scores.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import type { EvaluationConfig } from '../../schemas/settings/evaluation.ts';
import { type Tuning, tuningSourceSchema } from '../../schemas/tuning.ts';
import type { ReportData } from './report-data.ts';

/**
 * These rows are computed from the private training records outside the mechanism of the release. That of real-dp spends a
 * budget of its own, which the released statement does not count.
 */
const OUTSIDE_THE_MECHANISM: readonly ScoreSource[] = ['majority', 'real-dp', 'real'];

/** Corpora that owe nothing to private records outside the mechanism. */
const WRITTEN_BY_MODELS: readonly ScoreSource[] = ['synthetic', 'zero-shot'];

const WITHHELD =
  'computed from the private training records outside the budget that this release states; not released';

/**
 * The copy of a report's data that may be published. Shortens paths to file names and takes away the training curve, the cost of stages that read
 * private records, lengths and words of the real records, their proxies, private artifacts, the scores where the test set is private, and the score rows that
 * were computed from private training records outside the mechanism. Of a run without privacy also all scores, synthetic records, and statistics and counts of texts.
 */
export function toRelease(data: ReportData): ReportData {
  const isPrivate = data.config.privacy.epsilon !== 'none';
  return {
    // Named one by one: a new part of a report is not released before someone decides so here.
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

/** The search on synthetic texts owes nothing to a real record, test records neither. Searches on real records are trained on them without privacy. */
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
 * What models wrote, looked at alone, and against the real test records where these are public. The row of the real records is
 * computed from private training records.
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

/** Lengths and words of what models wrote. Bins and word pairs come from the synthetic corpus. */
function ofModels(texts: ReportData['texts']): ReportData['texts'] {
  return (
    texts && { ...texts, corpora: texts.corpora.filter(({ source }) => WRITTEN_BY_MODELS.includes(source)) }
  );
}

/** The scores that may be published, or null where the test set is private. */
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

/** A test source of its own is a file as well. */
function withoutFolders(corpus: CorpusConfig): CorpusConfig {
  const { source, test } = corpus;
  return {
    ...corpus,
    source: fileName(source),
    ...(typeof test === 'string' ? { test: fileName(test) } : {}),
  };
}

/** The encoder of the proxies may be a folder of this machine. */
function withoutPaths(evaluation: EvaluationConfig): EvaluationConfig {
  const { proxies } = evaluation;
  return proxies === undefined
    ? evaluation
    : { ...evaluation, proxies: { ...proxies, encoder: fileName(proxies.encoder) } };
}

/** Where an artifact is in the release area: the rest of the address is this machine's own. */
function insideRelease(uri: string): string {
  return uri.replace(/^.*\/release\//, 'release/');
}

/** Of a path or an s3:// URI only the file's name: the rest is this machine's own. A name of the hub is public as it is. */
function fileName(path: string): string {
  if (path.startsWith('hub:')) return path;
  const bare = path.startsWith('s3://') ? path.replace(/\?.*$/, '') : path;
  return bare.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
