import { rankAgreement } from '../../engine/metrics/ranking/rank-agreement.ts';
import type { ReportInput } from '../../schemas/activities.ts';
import { type Tuning, type TuningSource, tuningSearchSchema } from '../../schemas/tuning.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** The searches of a run and how far they agree; null where none was asked for. Searches on real records are private. */
export async function collectTuning(params: {
  store: ArtifactStore;
  input: Pick<ReportInput, 'tuning'>;
}): Promise<Tuning | null> {
  const { store, input } = params;
  if (input.tuning === undefined) return null;
  const [searches, missing]: [Tuning['searches'], Tuning['missing']] = [[], []];
  for (const { source, search, why } of input.tuning) {
    if (search === null) missing.push({ source, why: why ?? 'not computed' });
    else searches.push(await store.readJson(search, tuningSearchSchema));
  }
  const agreement = (source: TuningSource) => {
    const [proxy, truth] = [source, 'real'].map((name) => searches.find((one) => one.source === name));
    return proxy && truth ? rankAgreement({ truth: truth.searched, proxy: proxy.searched }) : null;
  };
  return {
    searches,
    missing,
    agreement: { synthetic: agreement('synthetic'), real: agreement('real-again') },
  };
}
