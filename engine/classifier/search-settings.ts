import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { seededRandom, shuffledIndices } from '../data/seeded-random.ts';

/** The values to try for each setting. */
export type SettingsSpace<S extends object> = { [K in keyof S]: readonly S[K][] };

export type SearchedSettings<S> = {
  settings: S;
  /** Higher is better; null if training diverged. */
  score: number | null;
};

/** Returns every combination; the last setting changes fastest. */
export function gridSettings<S extends object>(space: SettingsSpace<S>): S[] {
  const names = Object.keys(space) as (keyof S)[];
  return names.reduce<Partial<S>[]>(
    (partial, name) => partial.flatMap((one) => space[name].map((value) => ({ ...one, [name]: value }))),
    [{}],
  ) as S[];
}

/** Returns `count` distinct combinations drawn with a public seed, or all if there are fewer. */
export function randomSettings<S extends object>(params: {
  space: SettingsSpace<S>;
  count: number;
  seed: number;
}): S[] {
  const { space, count, seed } = params;
  const all = gridSettings(space);
  return Array.from(
    shuffledIndices(all.length, seededRandom(seed)).subarray(0, count),
    (index) => all[index],
  );
}

/**
 * Trains and scores one classifier per setting, in sequence. Scores are in the order of the settings, so two
 * searches can be compared setting by setting, such as one on synthetic and one on real data. `ranking`
 * holds indices into them, best first and diverged ones last; ties keep their order.
 *
 * A search on synthetic text costs no privacy. On private records every score either costs budget or is a
 * reference that decides nothing. Settings whose training throws NumericalFailure have no score; any other
 * error stops the search.
 */
export async function searchSettings<S>(params: {
  settings: readonly S[];
  trainAndScore: (settings: S, index: number) => Promise<number>;
}): Promise<{ searched: SearchedSettings<S>[]; ranking: number[] }> {
  const { settings, trainAndScore } = params;
  const searched: SearchedSettings<S>[] = [];
  for (const [index, one] of settings.entries()) {
    const score = await trainAndScore(one, index).catch((error: unknown) => {
      if (error instanceof DpsynthError && error.type === ErrorType.NumericalFailure) return null;
      throw error;
    });
    searched.push({ settings: one, score: Number.isFinite(score) ? score : null });
  }
  const worth = (index: number) => searched[index].score ?? Number.NEGATIVE_INFINITY;
  const ranking = [...searched.keys()].sort((a, b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a)));
  return { searched, ranking };
}
