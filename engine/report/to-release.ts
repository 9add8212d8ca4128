import type { ScoreSource, Scores } from '../../schemas/scores.ts';
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
 * private records, lengths and words of the real records, private artifacts, the scores where the test set is private, and the score rows that
 * were computed from private training records outside the mechanism. Of a run without privacy also all scores, synthetic records and text statistics.
 */
export function toRelease(data: ReportData): ReportData {
  const isPrivate = data.config.privacy.epsilon !== 'none';
  return {
    ...data,
    version: 'release',
    config: {
      ...data.config,
      model: fileName(data.config.model),
      corpus: { ...data.config.corpus, source: fileName(data.config.corpus.source) },
    },
    scores:
      isPrivate && data.scores ? releasableScores(data.scores, data.config.corpus.testSetIsPublic) : null,
    samples: isPrivate ? data.samples : { ...data.samples, synthetic: [] },
    texts: isPrivate ? ofModels(data.texts) : null,
    trainingCurve: [],
    stages: data.stages.filter((stage) => !stage.readsPrivate),
    lineage: data.lineage
      .filter((entry) => entry.area === 'release')
      .map((entry) => ({ ...entry, ref: { ...entry.ref, uri: insideRelease(entry.ref.uri) } })),
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
    missing: [...scores.missing, ...withheld.map((row) => ({ source: row.source, why: WITHHELD }))],
  };
}

/** Where an artifact is in the release area: the rest of the address is this machine's own. */
function insideRelease(uri: string): string {
  return uri.replace(/^.*\/release\//, 'release/');
}

/** Of a path only its last part: the others are this machine's own. A name of the hub is public as it is. */
function fileName(path: string): string {
  if (path.startsWith('hub:')) return path;
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
