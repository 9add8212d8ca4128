import type { Tuning, TuningSearch, TuningSource } from '../../schemas/evaluations/tuning.ts';
import type { Amounts } from '../../schemas/scores.ts';
import { rankAgreement } from '../metrics/ranking/rank-agreement.ts';

const SETTINGS = [0.003, 0.01, 0.03, 0.1].flatMap((learningRate) =>
  [20, 60, 240].map((updates) => ({ learningRate, updates })),
);

/** Returns a search with the given scores, in the order of the made-up `settings`. */
export function search(
  source: TuningSource,
  scores: (number | null)[],
  settings: TuningSearch['searched'][number]['settings'][] = SETTINGS,
): TuningSearch {
  const known = scores.filter((score) => score !== null);
  return {
    source,
    seed: 1000,
    trainingRecords: source === 'synthetic' ? 440 : 4123,
    scoredRecords: source === 'synthetic' ? 110 : 80,
    searched: scores.map((score, i) => ({ settings: settings[i], score })),
    best: known.length === 0 ? null : scores.indexOf(Math.max(...known)),
  };
}

/** Returns three searches that agree in part, for tests. One setting diverged on synthetic texts. */
export function tuning(
  searches: TuningSearch[] = [
    search('synthetic', [0.61, 0.7, 0.79, 0.68, 0.8, 0.86, 0.78, 0.85, 0.874, 0.81, 0.83, null]),
    search('real', [0.552, 0.713, 0.841, 0.702, 0.853, 0.917, 0.802, 0.896, 0.903, 0.853, 0.872, 0.641]),
    search(
      'real-again',
      [0.571, 0.702, 0.836, 0.711, 0.861, 0.909, 0.812, 0.899, 0.913, 0.842, 0.883, 0.634],
    ),
  ],
): Tuning {
  const of = (source: TuningSource) => searches.find((one) => one.source === source);
  const agreement = (source: TuningSource) => {
    const [proxy, truth] = [of(source), of('real')];
    return proxy && truth ? rankAgreement({ proxy: proxy.searched, truth: truth.searched }) : null;
  };
  const all: TuningSource[] = ['synthetic', 'real', 'real-again'];
  return {
    searches,
    missing: all
      .filter((source) => !of(source))
      .map((source) => ({ source, why: 'InvalidData: too few texts' })),
    agreement: { synthetic: agreement('synthetic'), real: agreement('real-again') },
  };
}

/** Returns rows for a quarter and a half of the synthetic corpus, and an eighth that failed. For tests. */
export function amounts(): Amounts {
  const point = (share: number, mean: number) => {
    const metrics = (value: number) => ({ accuracy: value, balancedAccuracy: value, macroF1: value });
    const interval = { low: mean - 0.035, high: mean + 0.035 };
    return {
      share,
      trainingRecords: Math.ceil(550 * share),
      seeds: [-0.01, 0, 0.01].map((change, seed) => ({ seed, metrics: metrics(mean + change) })),
      mean: metrics(mean),
      deviation: metrics(0.01),
      intervals: { accuracy: interval, balancedAccuracy: interval, macroF1: null },
    };
  };
  return {
    points: [point(0.25, 0.633), point(0.5, 0.687)],
    missing: [{ share: 0.125, why: 'InvalidData: fewer than two labels' }],
  };
}
