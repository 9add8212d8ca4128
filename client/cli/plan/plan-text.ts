import type { Colors } from 'picocolors/types.js';

import { poolSize } from '../../../engine/data/pool-size.ts';
import type { CorpusSurvey, LabelCount } from '../../../engine/data/survey-corpus.ts';
import { ACCOUNTANTS } from '../../../engine/privacy/accountants.ts';
import { describeAdapter } from '../../../engine/report/describe-adapter.ts';
import { formatCount, formatNumber } from '../../../engine/report/format.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { DpPlanData } from '../../../schemas/privacy.ts';
import type { SelectionPlanData } from '../../../schemas/selection-plan.ts';
import type { PlanPreview } from '../../plan/preview-plan.ts';
import { oneLine } from '../terminal/one-line.ts';

/**
 * Returns the plan for people: first what decides whether to run it, then the mechanism, and on
 * request every setting.
 */
export function planText(
  preview: PlanPreview,
  survey: CorpusSurvey,
  params: { colors: Colors; defaults: boolean },
): string {
  const { colors, defaults } = params;
  const lines = [
    verdictText(preview, survey, colors),
    ...section(colors, 'Mechanism', mechanismRows(preview)),
    ...(defaults
      ? [colors.bold('Experiment with its defaults'), JSON.stringify(preview.config, null, 2)]
      : [colors.dim('--defaults shows every setting.')]),
  ];
  return lines.join('\n');
}

/**
 * Returns what decides whether to run an experiment: signal, privacy, corpus, cost and warnings. Ends with
 * an empty line.
 */
export function verdictText(preview: PlanPreview, survey: CorpusSurvey, colors: Colors): string {
  const { config, mechanism, cost, signal } = preview;
  const { corpus } = config;
  // The advice on the signal already follows its verdict.
  const advice = signal?.advice.join('; ') || null;
  const others = preview.warnings.filter((warning) => advice === null || !warning.includes(advice));
  return [
    ...section(colors, 'Signal', signalRows(preview, colors)),
    ...section(colors, 'Privacy', [
      ...privacyRows(preview),
      ['training records n', `${formatCount(mechanism.records)} after removing duplicates`],
    ]),
    ...section(colors, 'Corpus', [
      ['source', `${corpus.source}, ${corpus.labels.length} labels`],
      ...surveyRows(survey),
      ...testSetRows(preview),
    ]),
    ...section(colors, 'Cost', [
      ['time', `roughly ${Math.max(1, Math.round(cost.minutes))} min on two CPU cores`],
      [
        'training',
        `${formatCount(cost.trainingPasses)} record passes, at most ${formatCount(cost.trainingTokens)} tokens`,
      ],
      ['sampling', `at most ${formatCount(cost.sampledTokens)} tokens, including the zero-shot baseline`],
    ]),
    ...others.map((warning) => colors.yellow(`Warning: ${warning}`)),
    ...(others.length > 0 ? [''] : []),
  ].join('\n');
}

/** Returns what the corpus contains, for the owner of the records alone. */
export function surveyText(survey: CorpusSurvey, colors: Colors): string {
  return section(colors, 'Corpus', surveyRows(survey)).join('\n').trimEnd();
}

/** The most labels that are listed one by one. */
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
          ['with other labels', `${formatCount(dropped)}, left out: ${countsText(other)}`] as [
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

/** How many test records there are, where they come from, and what declaring them public means. */
function testSetRows({ testRecords, config: { corpus } }: PlanPreview): [string, string][] {
  const { test, testFraction, testSetIsPublic } = corpus;
  const from =
    test === undefined
      ? `a random part of the corpus (corpus.testFraction ${testFraction})`
      : typeof test === 'string'
        ? `from ${test}`
        : `the rows of the corpus with ${test.field} = ${test.value}`;
  const means = testSetIsPublic
    ? 'declared public: these records may be published, and so may scores on them'
    : 'private: scores on them stay in the private area, and a search cannot use them';
  return [
    ['test records', `${formatCount(testRecords)}, ${from}`],
    ['', means],
  ];
}

function privacyRows({ mechanism }: PlanPreview): [string, string][] {
  if (!mechanism.private) return [['privacy', 'NONE: training is not differentially private']];
  return [
    [
      'epsilon',
      `${formatNumber(mechanism.epsilon)} with the ${ACCOUNTANTS[mechanism.accountant].name} accountant (RDP: ${formatNumber(mechanism.epsilonRdp)})`,
    ],
    ['delta', `${formatNumber(mechanism.delta)} (1/n is ${formatNumber(1 / mechanism.records)})`],
    ['neighbours', 'zero-out: one record is replaced by a record that contributes nothing'],
  ];
}

function mechanismRows(preview: PlanPreview): [string, string][] {
  const { config, selection } = preview;
  return [
    ...(config.training.steps === 0
      ? [['fine-tuning', 'none: the base model writes the texts'] as [string, string]]
      : trainingRows(preview)),
    ...(selection === undefined ? [] : selectionRows(selection, config)),
  ];
}

function selectionRows({ noiseMultiplier }: SelectionPlanData, config: ExperimentConfig): [string, string][] {
  return [
    [
      'selection',
      `${formatCount(config.sampling.records)} of ${formatCount(poolSize(config))} texts, by a teacher that learns with DP`,
    ],
    ...(noiseMultiplier === 0
      ? []
      : [
          ['selection sigma', `${formatNumber(noiseMultiplier)}, over all records at once`] as [
            string,
            string,
          ],
        ]),
  ];
}

function trainingRows(preview: PlanPreview): [string, string][] {
  const { mechanism, trainableParameters, noiseToClippingRatio, signal, config } = preview;
  return [
    [
      'draws',
      `Poisson, q = ${formatNumber(mechanism.samplingRate)} (expected batch ${mechanism.expectedBatchSize}), ${mechanism.steps} steps`,
    ],
    ...(mechanism.private ? [noiseRow(mechanism)] : []),
    [
      'trainable parameters d',
      `${formatCount(trainableParameters)} (${describeAdapter(config.training.adapter)})`,
    ],
    [
      'noise to clipping norm',
      `${formatNumber(noiseToClippingRatio)} in one update: sigma * sqrt(d) / expected batch`,
    ],
    ...(signal === null
      ? []
      : [
          ['over the whole run', `${formatNumber(signal.noiseOverRun)}: the ratio above / sqrt(steps)`] as [
            string,
            string,
          ],
        ]),
  ];
}

function noiseRow(mechanism: DpPlanData): [string, string] {
  const { noiseMultiplier, clippingNorm } = mechanism;
  return [
    'noise multiplier sigma',
    `${formatNumber(noiseMultiplier)}, clipping norm ${formatNumber(clippingNorm)}${clippingWords(mechanism)}`,
  ];
}

/** Describes clipping that is not plain; plain is one fixed norm over the whole gradient. */
function clippingWords({ clipping, adaptiveClipping }: DpPlanData): string {
  const layers = clipping === 'per-layer' ? ', divided among the layers' : '';
  return adaptiveClipping === null
    ? layers
    : ` at first, then at the ${formatNumber(adaptiveClipping.quantile)} quantile (noise on gradients ${formatNumber(adaptiveClipping.gradientNoiseMultiplier)})${layers}`;
}

function signalRows(
  { signal, noiseToClippingRatio, config }: PlanPreview,
  colors: Colors,
): [string, string][] {
  if (config.training.steps === 0)
    return [['verdict', 'nothing is fine-tuned: the teacher alone learns from the records']];
  if (signal === null) return [['verdict', 'no noise is added']];
  const paint = { clear: colors.green, weak: colors.yellow, drowned: colors.red }[signal.verdict];
  const means = {
    clear: 'the update stands out from the noise, which does not promise good texts',
    weak: 'training works, but more slowly and less well',
    drowned: 'the noise drowns the signal, so expect no gain over the base model',
  }[signal.verdict];
  return [
    ['verdict', paint(`${signal.verdict}: ${means}`)],
    ['noise to signal', `at least ${formatNumber(noiseToClippingRatio)} in one update`],
    ...signal.advice.map((advice, i): [string, string] => [i === 0 ? 'what would help' : '', `- ${advice}`]),
  ];
}

function section(colors: Colors, title: string, rows: [string, string][]): string[] {
  return [colors.bold(title), ...rows.map(([name, value]) => `  ${colors.dim(name.padEnd(24))}${value}`), ''];
}
