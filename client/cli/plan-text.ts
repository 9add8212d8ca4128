import type { Colors } from 'picocolors/types.js';
import type { CorpusSurvey, LabelCount } from '../../engine/data/survey-corpus.ts';
import { describeAdapter } from '../../engine/report/describe-adapter.ts';
import { formatCount, formatNumber } from '../../engine/report/format.ts';
import type { DpPlanData } from '../../schemas/privacy.ts';
import type { PlanPreview } from '../preview-plan.ts';

/** The plan as people read it: the data, the mechanism, whether its signal is heard, the cost, the resolved config. */
export function planText(preview: PlanPreview, survey: CorpusSurvey, colors: Colors): string {
  const { mechanism, config, trainableParameters, noiseToClippingRatio, cost } = preview;
  const { corpus, training } = config;
  const { adapter } = training;
  const lines = [
    ...section(colors, 'Data', [
      ['corpus', `${corpus.source}, ${corpus.labels.length} labels`],
      ...surveyRows(survey),
      ['training records n', `${formatCount(mechanism.records)}, without duplicates`],
      ...testSetRows(preview),
    ]),
    ...section(colors, 'Mechanism', mechanismRows(preview)),
    ...section(colors, 'Signal', [
      ['trainable parameters d', `${formatCount(trainableParameters)} (${describeAdapter(adapter)})`],
      [
        'noise to clipping norm',
        `${formatNumber(noiseToClippingRatio)} = sigma * sqrt(d) / expected batch, one update`,
      ],
      ...signalRows(preview, colors),
    ]),
    ...section(colors, 'Cost', [
      [
        'training',
        `${formatCount(cost.trainingPasses)} record passes, at most ${formatCount(cost.trainingTokens)} tokens`,
      ],
      ['sampling', `at most ${formatCount(cost.sampledTokens)} tokens, zero-shot baseline included`],
      ['time', `roughly ${Math.max(1, Math.round(cost.minutes))} min on two CPU cores`],
    ]),
    ...preview.warnings.map((warning) => colors.yellow(`Warning: ${warning}`)),
    ...(preview.warnings.length > 0 ? [''] : []),
    colors.bold('Experiment with its defaults'),
    JSON.stringify(config, null, 2),
  ];
  return lines.join('\n');
}

/** What the corpus holds: for whoever owns the records, and no one else. */
export function surveyText(survey: CorpusSurvey, colors: Colors): string {
  return section(colors, 'Corpus', surveyRows(survey)).join('\n').trimEnd();
}

/** Most labels that are listed one by one. */
const MOST_LABELS = 20;

function surveyRows({ form, read, declared, other, empty }: CorpusSurvey): [string, string][] {
  const dropped = other.reduce((sum, { records }) => sum + records, 0);
  return [
    ['read as', form],
    ['records read', formatCount(read)],
    ['records by label', countsText(declared)],
    ...(dropped === 0
      ? []
      : [
          ['of undeclared labels', `${formatCount(dropped)}, left out: ${countsText(other)}`] as [
            string,
            string,
          ],
        ]),
    ...(empty === 0 ? [] : [['without text', `${formatCount(empty)}, left out`] as [string, string]]),
  ];
}

function countsText(counts: readonly LabelCount[]): string {
  const shown = counts
    .slice(0, MOST_LABELS)
    .map(({ label, records }) => `${oneLine(label)} ${formatCount(records)}`);
  const more = counts.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${formatCount(more)} more labels`] : [])].join(', ');
}

/** Cells of a column that holds no labels may be long. */
function oneLine(label: string): string {
  const printable = label.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
}

/** How many test records there are, where they come from, and what the declaration on them means. */
function testSetRows({ testRecords, config: { corpus } }: PlanPreview): [string, string][] {
  const { test, testFraction, testSetIsPublic } = corpus;
  const from =
    test === undefined
      ? `a random part of the corpus (corpus.testFraction ${testFraction})`
      : typeof test === 'string'
        ? `from ${test}`
        : `the rows of the corpus with ${test.field} = ${test.value}`;
  const means = testSetIsPublic
    ? 'declared public: each of these records may be published, and so may scores on them'
    : 'private: scores on them stay in the private area, and no search decides by them';
  return [
    ['test records', `${formatCount(testRecords)}, ${from}`],
    ['', means],
  ];
}

function mechanismRows({ mechanism }: PlanPreview): [string, string][] {
  const draws: [string, string] = [
    'draws',
    `Poisson, q = ${formatNumber(mechanism.samplingRate)} (expected batch ${mechanism.expectedBatchSize}), ${mechanism.steps} steps`,
  ];
  if (!mechanism.private) return [draws, ['privacy', 'NONE: training is not differentially private']];
  return [
    draws,
    [
      'noise multiplier sigma',
      `${formatNumber(mechanism.noiseMultiplier)}, clipping norm ${formatNumber(mechanism.clippingNorm)}${clippingWords(mechanism)}`,
    ],
    [
      'epsilon',
      `${formatNumber(mechanism.epsilon)} by ${mechanism.accountant.toUpperCase()} (RDP gives ${formatNumber(mechanism.epsilonRdp)})`,
    ],
    ['delta', `${formatNumber(mechanism.delta)}, 1/n is ${formatNumber(1 / mechanism.records)}`],
    ['neighbours', 'zero-out: one record is replaced by one that contributes nothing'],
  ];
}

/** How the norm is used, where that is not plainly: one norm over the whole gradient, the same at every step. */
function clippingWords({ clipping, adaptiveClipping }: DpPlanData): string {
  const layers = clipping === 'per-layer' ? ', shared out over the layers' : '';
  return adaptiveClipping === null
    ? layers
    : ` at first, then at the ${formatNumber(adaptiveClipping.quantile)} quantile (noise on gradients ${formatNumber(adaptiveClipping.gradientNoiseMultiplier)})${layers}`;
}

function signalRows({ signal }: PlanPreview, colors: Colors): [string, string][] {
  if (signal === null) return [['verdict', 'no noise']];
  const paint = { clear: colors.green, weak: colors.yellow, drowned: colors.red }[signal.verdict];
  const means = {
    clear: 'the update stands out from the noise (no promise about the text)',
    weak: 'training works, slower and worse',
    drowned: 'noise drowns the signal: expect no gain over the public model',
  }[signal.verdict];
  return [
    ['over the whole run', `${formatNumber(signal.noiseOverRun)} = that / sqrt(steps)`],
    ['verdict', paint(`${signal.verdict}: ${means}`)],
    ...signal.advice.map((advice, i): [string, string] => [i === 0 ? 'what would help' : '', `- ${advice}`]),
  ];
}

function section(colors: Colors, title: string, rows: [string, string][]): string[] {
  return [colors.bold(title), ...rows.map(([name, value]) => `  ${colors.dim(name.padEnd(24))}${value}`), ''];
}
