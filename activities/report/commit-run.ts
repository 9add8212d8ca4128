import type { Ran } from '../../engine/privacy/statement.ts';
import { releasableScores, toRelease } from '../../engine/report/to-release.ts';
import type { ReportInput, ReportOutput } from '../../schemas/activities.ts';
import type { Area, ArtifactRef, Manifest, StoredArtifact } from '../../schemas/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { collectMade } from './collect-made.ts';
import { ARTIFACTS, type Committed, PAGES, placeOf } from './committed.ts';
import { reportDataOf } from './report-data-of.ts';

const AREAS: readonly Area[] = ['private', 'release'];
const SEED_POLICY =
  'Split, sampling and classifier come from the public seed. Batch choice and noise came from a secret run key of the ' +
  'operating system, destroyed when the run was released.';

/** What is committed, by area and by its name there. */
type Refs = Record<Area, Record<string, { ref: ArtifactRef; stored: StoredArtifact }>>;

/**
 * Writes all that a run leaves, and commits it: the tables of `committed.ts` say what goes where. What was
 * not made by a DP mechanism stays in the private area, and so does everything without `ran`, which says what
 * a released statement must say.
 */
export async function commitRun(params: {
  deps: ActivityDeps;
  input: ReportInput;
  ran: Ran | null;
}): Promise<ReportOutput> {
  const { deps, input, ran } = params;
  const { store } = deps;
  const { run, config, plan, finetuned, startedAt } = input;
  const made = await collectMade({ store, input, ran });
  const refs: Refs = { private: {}, release: {} };

  await writeAll({ store, run, refs, from: made, table: ARTIFACTS });
  const lineage = AREAS.flatMap((area) =>
    Object.entries(refs[area]).map(([name, { stored }]) => ({ name, area, ref: stored })),
  );
  const data = await reportDataOf({ deps, made, lineage });
  await writeAll({ store, run, refs, from: { ...made, data }, table: PAGES });

  const commit = (area: Area, settings: Manifest['config']) => {
    const outputs = Object.fromEntries(
      Object.entries(refs[area]).map(([name, { stored }]) => [name, stored]),
    );
    const { train, test } = outputs;
    return store.commitManifest({
      run,
      area,
      createdAt: startedAt,
      codeVersion: deps.codeVersion,
      config: settings,
      seedPolicy: SEED_POLICY,
      inputs: area === 'private' ? { train, test } : {},
      outputs,
    });
  };
  await commit('private', config);
  const release = ran === null ? null : await commit('release', toRelease(data).config);
  return {
    report: refs.private.report.ref,
    release,
    releaseReport: refs.release.report?.ref ?? null,
    synthetic: refs[corpusArea(made)].synthetic.ref,
    syntheticRecords: made.synthetic.records.length,
    scores: refs.private.scores.ref,
    published: plan.mechanism.private ? releasableScores(made.scores, config.corpus.testSetIsPublic) : null,
    statement: made.statement.line,
    training: {
      epsilon: plan.mechanism.epsilon,
      trainableParameters: finetuned?.trainableParameters ?? 0,
      ...(finetuned?.cachedFrom === undefined ? {} : { cachedFrom: finetuned.cachedFrom }),
    },
  };
}

async function writeAll<From extends { isReleased: boolean }>(params: {
  store: ArtifactStore;
  run: string;
  refs: Refs;
  from: From;
  table: readonly Committed<From>[];
}): Promise<void> {
  const { store, run, refs, from, table } = params;
  for (const entry of table) {
    if (entry.when !== undefined && !entry.when(from)) continue;
    const area = entry.area === 'corpus' ? corpusArea(from) : entry.area;
    const ref = await write({ store, run, area, from, entry });
    refs[area][entry.name] = { ref, stored: await store.describe(ref, { rows: entry.rows?.(from) }) };
  }
}

async function write<From>(params: {
  store: ArtifactStore;
  run: string;
  area: Area;
  from: From;
  entry: Committed<From>;
}): Promise<ArtifactRef> {
  const { store, run, area, from, entry } = params;
  if ('listed' in entry) return entry.listed(from);
  const place = { ...placeOf(run, entry.file, area), replace: true };
  if ('json' in entry) return store.putJson({ ...place, value: entry.json(from), indented: true });
  if ('body' in entry) return store.put({ ...place, body: entry.body(from), mediaType: entry.mediaType });
  const original = entry.copied(from);
  return store.put({ ...place, body: await store.read(original), mediaType: original.mediaType });
}

function corpusArea({ isReleased }: { isReleased: boolean }): Area {
  return isReleased ? 'release' : 'private';
}
