import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { Difference, ScoreRow, ScoreSource, Scores } from '../../schemas/scores.ts';
import { epsilonOfSeeds } from '../classifier/plan-classifier.ts';
import { planMechanism } from '../privacy/mechanism-plan.ts';
import { textStatistics } from './figures/text-statistics.ts';
import type { ReportData } from './report-data.ts';

const LABELS = ['ham', 'spam'];

/** Returns a score row whose three means are all `mean`. */
export function scoreRow(source: ScoreSource, mean: number | null): ScoreRow {
  const metrics = { accuracy: mean, balancedAccuracy: mean, macroF1: mean };
  const interval = mean === null ? null : { low: mean - 0.03, high: mean + 0.03 };
  const spread = source === 'majority' || mean === null ? null : 0.012;
  return {
    source,
    trainingRecords: 550,
    seeds: [1, 2, 3].map((seed) => ({ seed, metrics })),
    mean: metrics,
    deviation: { accuracy: spread, balancedAccuracy: spread, macroF1: spread },
    intervals: { accuracy: interval, balancedAccuracy: interval, macroF1: interval },
    perClass: LABELS.map((label) => ({ label, support: 40, precision: mean, recall: mean })),
    confusion: [
      [90, 30],
      [20, 100],
    ],
  };
}

/** Returns the synthetic row minus another, with an interval of 0.02 to either side. */
export function difference(minus: ScoreSource, mean: number | null): Difference {
  const metrics = { accuracy: mean, balancedAccuracy: mean, macroF1: mean };
  const interval = mean === null ? null : { low: mean - 0.02, high: mean + 0.02 };
  return {
    minus,
    mean: metrics,
    intervals: { accuracy: interval, balancedAccuracy: interval, macroF1: interval },
  };
}

/** Returns a row trained on the private records with DP at epsilon 8. */
export function directRow(mean: number): ScoreRow {
  const plan = planMechanism({
    records: 4123,
    expectedBatchSize: 256,
    steps: 100,
    clippingNorm: 1,
    target: { epsilon: 8 },
    accountant: 'pld',
  });
  return { ...scoreRow('real-dp', mean), privacy: { plan, epsilonOfSeeds: epsilonOfSeeds(plan, 3) } };
}

export function scores(): Scores {
  return {
    labels: LABELS,
    testRecords: 80,
    confidence: 0.95,
    rows: [
      scoreRow('majority', 0.5),
      scoreRow('zero-shot', 0.61),
      scoreRow('synthetic', 0.724),
      scoreRow('real', 0.955),
    ],
    missing: [],
  };
}

function measured(source: ScoreSource, texts: string[]) {
  return { source, texts, tokens: texts.map((text) => text.split(' ').length) };
}

/** Returns a complete report of a small made-up run for tests, with the fields in `change` replaced. */
export function reportData(change: Partial<ReportData> = {}): ReportData {
  const digest = 'ab'.repeat(32);
  const ref = (uri: string) => ({
    uri,
    sha256: digest,
    bytes: 2_500_000,
    mediaType: 'application/jsonl',
    rows: 550,
  });
  return {
    version: 'private',
    run: 'sms-20260101',
    createdAt: '2026-01-01T12:00:00Z',
    codeVersion: '0.1.0',
    config: parseExperiment({
      name: 'SMS, two labels',
      corpus: { source: 'sms-spam', labels: LABELS, testSetIsPublic: true },
      template: { form: 'prefix', task: 'sms' },
    }),
    trainingRecords: 4123,
    syntheticRecords: 550,
    statement: {
      line: 'The synthetic corpus is (8, 1.05e-4)-differentially private for one added or removed record.',
      long: 'First paragraph.\n\nSecond paragraph.',
      facts: [['Accountant', 'PLD']],
    },
    plan: {
      noiseMultiplier: 0.7123,
      delta: 1.05e-4,
      samplingRate: 0.031,
      trainableParameters: 230_400,
      noiseToClippingRatio: 1.52,
      warnings: ['The noise of one update is longer than its signal: more records per batch would help.'],
    },
    scores: scores(),
    samples: {
      synthetic: [{ text: 'See you at seven?', label: 'ham' }],
      zeroShot: [{ text: 'Dear customer', label: 'spam' }],
    },
    texts: textStatistics(
      measured('synthetic', ['See you at seven?', 'See you soon', 'Call me now to win']),
      [measured('zero-shot', ['Dear customer, see you']), measured('real', ['Will you see me', 'no'])],
    ),
    trainingCurve: [
      { step: 1, loss: 2.78123, clippedFraction: 0.91, gradientNorm: 1.7, drawn: 131 },
      { step: 2, loss: 2.49456, clippedFraction: 0.88, gradientNorm: 1.5, drawn: 120 },
    ],
    stages: [
      { stage: 'Fine-tune under DP', seconds: 277.7, peakRssBytes: 3_000_000_000, readsPrivate: true },
      { stage: 'Sample synthetic records', seconds: 61.25, peakRssBytes: 2_000_000_000, readsPrivate: false },
    ],
    lineage: [
      { name: 'train', area: 'private', ref: ref('file:///store/private/sms/train.jsonl') },
      { name: 'synthetic', area: 'release', ref: ref('file:///store/release/sms/synthetic.jsonl') },
    ],
    ...change,
  };
}
