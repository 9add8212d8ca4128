import { basename } from 'node:path/posix';
import { RECORDS_MEDIA_TYPE, recordPieces } from '../../engine/data/records-file.ts';
import { formatParquet, PARQUET_MEDIA_TYPE } from '../../engine/data/write-parquet.ts';
import { renderDatasetCard } from '../../engine/report/render-card.ts';
import { renderReport } from '../../engine/report/render-report.ts';
import type { ReportData } from '../../engine/report/report-data.ts';
import type { Area, ArtifactRef } from '../../schemas/artifact.ts';
import { type Place, runLayout } from '../../schemas/run-layout.ts';
import type { Body } from '../../storage/atomic-write.ts';
import { COLLECTED_NAMES } from '../evaluations/index.ts';
import type { Made } from './collect-made.ts';

type Layout = ReturnType<typeof runLayout>;
/** What the layout gives one place, or one in each area. */
type FileOfRun = {
  [Name in keyof Layout]: Layout[Name] extends Place | { [In in Area]: Place<In> } ? Name : never;
}[keyof Layout];

/** One artifact that a run commits. */
export type Committed<From> = {
  /** In the manifest of its area. */
  name: string;
  /** `corpus`: the release, if what the mechanism made leaves the private area, else that. */
  area: Area | 'corpus';
  /** Committed only then. @default always */
  when?: (made: From) => boolean;
  /** Records that it holds, for the manifest. */
  rows?: (made: From) => number;
} & (
  | { listed: (made: From) => ArtifactRef } // is there already, and stays where it is
  | { file: FileOfRun; copied: (made: From) => ArtifactRef }
  | { file: FileOfRun; json: (made: From) => unknown }
  | { file: FileOfRun; mediaType: string; body: (made: From) => Body }
);

const synthetic = ({ synthetic }: Made) => synthetic.records;
const isFineTuned = ({ input }: Made) => input.finetuned !== null;
const zeroShot = ({ zeroShot }: Made) => zeroShot?.records ?? [];

/** What leaves the private area and what does not, in the order of the manifests. */
export const ARTIFACTS: readonly Committed<Made>[] = [
  {
    name: 'train',
    area: 'private',
    listed: ({ input }) => input.prepared.train,
    rows: ({ input }) => input.prepared.records,
  },
  {
    name: 'test',
    area: 'private',
    listed: ({ input }) => input.prepared.test,
    rows: ({ input }) => input.prepared.testRecords,
  },
  {
    name: 'synthetic',
    area: 'corpus',
    file: 'synthetic',
    mediaType: RECORDS_MEDIA_TYPE,
    body: (made) => recordPieces(synthetic(made)),
    rows: (made) => synthetic(made).length,
  },
  {
    name: 'synthetic-parquet',
    area: 'corpus',
    file: 'parquet',
    mediaType: PARQUET_MEDIA_TYPE,
    body: (made) => formatParquet(synthetic(made)),
    rows: (made) => synthetic(made).length,
  },
  {
    name: 'zero-shot',
    area: 'corpus',
    when: (made) => made.zeroShot !== null,
    file: 'zeroShot',
    mediaType: RECORDS_MEDIA_TYPE,
    body: (made) => recordPieces(zeroShot(made)),
    rows: (made) => zeroShot(made).length,
  },
  { name: 'scores', area: 'private', file: 'scores', json: ({ scores }) => scores },
  {
    name: 'diagnostics',
    area: 'private',
    when: isFineTuned,
    listed: ({ input }) => input.finetuned!.diagnostics,
  },
  ...COLLECTED_NAMES.map(
    (name): Committed<Made> => ({
      name,
      area: 'private',
      when: ({ evaluations }) => evaluations[name] !== undefined,
      file: name,
      json: ({ evaluations }) => evaluations[name],
    }),
  ),
  {
    name: 'adapter',
    area: 'private',
    when: (made) => isFineTuned(made) && !made.isReleased,
    listed: ({ input }) => input.finetuned!.adapter,
  },
  // The adapter is the output of the DP mechanism itself, so it may be shared like the corpus.
  {
    name: 'adapter',
    area: 'release',
    when: (made) => isFineTuned(made) && made.isReleased,
    file: 'adapter',
    copied: ({ input }) => input.finetuned!.adapter,
  },
  // A run without privacy states that it has none.
  {
    name: 'statement',
    area: 'release',
    when: ({ ran }) => ran !== null,
    file: 'statement',
    json: ({ statement, input: { plan } }) => ({
      ...statement,
      mechanism: plan.mechanism,
      ...(plan.selection && { selection: plan.selection }),
    }),
  },
];

/** The pages, which say what stands in the artifacts. */
export const PAGES: readonly Committed<{ isReleased: boolean; data: ReportData }>[] = [
  { name: 'report-data', area: 'private', file: 'reportData', json: ({ data }) => data },
  {
    name: 'report',
    area: 'private',
    file: 'report',
    mediaType: 'text/html',
    body: ({ data }) => renderReport(data),
  },
  {
    name: 'report',
    area: 'release',
    when: ({ isReleased }) => isReleased,
    file: 'report',
    mediaType: 'text/html',
    body: ({ data }) => renderReport({ ...data, version: 'release' }),
  },
  {
    name: 'card',
    area: 'release',
    when: ({ isReleased }) => isReleased,
    file: 'card',
    mediaType: 'text/markdown',
    body: ({ data }) =>
      renderDatasetCard({ data, dataFile: basename(runLayout(data.run).parquet.release.key) }),
  },
];

/** Where an artifact of a run is written. */
export function placeOf(run: string, file: FileOfRun, area: Area): Place {
  const place = runLayout(run)[file];
  return 'key' in place ? place : place[area];
}
