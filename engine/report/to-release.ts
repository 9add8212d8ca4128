import type { ScoreSource, Scores } from '../../schemas/scores.ts';
import type { ReportData } from './report-data.ts';

/** These rows are computed from the private training records without the DP mechanism. */
const OUTSIDE_THE_MECHANISM: readonly ScoreSource[] = ['majority', 'real'];

const WITHHELD = 'computed from the private training records without differential privacy; not released';

/**
 * The copy of a report's data that may be published. Shortens paths to file names and takes away the training curve, the cost of stages that read
 * private records, private artifacts, the scores where the test set is private, and the score rows that
 * were computed from private training records outside the mechanism. Of a run without privacy also all scores and synthetic records.
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
    trainingCurve: [],
    stages: data.stages.filter((stage) => !stage.readsPrivate),
    lineage: data.lineage
      .filter((entry) => entry.area === 'release')
      .map((entry) => ({ ...entry, ref: { ...entry.ref, uri: insideRelease(entry.ref.uri) } })),
  };
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
