import type { SelectionSummary } from '../../schemas/selection.ts';
import { FILTER_RULES } from '../../schemas/text-counts.ts';
import { hubMetadata } from './card/hub-metadata.ts';
import { escapeMarkdown, fenced, table } from './card/markdown.ts';
import { describeAdapter } from './describe-adapter.ts';
import { formatCount, formatInterval, formatMean, formatNumber } from './format.ts';
import type { ReportData } from './report-data.ts';
import { outsideTheGuarantee } from './sections/privacy.ts';
import { missingScores } from './sections/results.ts';
import { RULE_NAMES, shareOf } from './sections/text-counts.ts';
import { toRelease } from './to-release.ts';

const EXAMPLES = 4;
const MODEL_TEXT =
  'Like the output of any language model, the texts may be wrong, biased or offensive. A text may not match its label.';

/**
 * Returns the dataset card: a README.md for the folder of the synthetic corpus, with the hub's metadata
 * header. It contains only what may be published, even if the data are the private version. `dataFile` is the
 * corpus file beside the card; `license` is a hub licence id, `unknown` by default.
 */
export function renderDatasetCard(params: { data: ReportData; dataFile: string; license?: string }): string {
  const data = toRelease(params.data);
  const { config } = data;
  return `${[
    hubMetadata({ data, dataFile: params.dataFile, license: params.license ?? 'unknown' }),
    `# ${escapeMarkdown(config.name)}: synthetic texts`,
    `${formatCount(data.syntheticRecords)} labelled texts written by a language model${config.training.steps === 0 ? ', and chosen by a classifier that learned from private records' : ' that was fine-tuned on private records'}. The private records are not included.`,
    `\`${params.dataFile}\` is the file that \`datasets.load_dataset\` reads. \`synthetic.jsonl\` contains the same records, one JSON object per line.`,
    `Fields of each record: \`text\` and \`label\`. Labels: ${config.corpus.labels.map(escapeMarkdown).join(', ')}.`,
    '## Privacy',
    escapeMarkdown(data.statement.line),
    ...paragraphs(data.statement.long),
    table(
      ['fact', 'value'],
      data.statement.facts.map(([name, value]) => [escapeMarkdown(name), escapeMarkdown(value)]),
    ),
    '## How it was made',
    howItWasMade(data),
    '## Scores',
    scoreTable(data),
    '## Limits',
    [...outsideTheGuarantee(data), MODEL_TEXT].map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    '## Examples',
    fenced(
      'json',
      data.samples.synthetic
        .slice(0, EXAMPLES)
        .map((record) => JSON.stringify(record))
        .join('\n'),
    ),
    `Made with dpsynth ${escapeMarkdown(data.codeVersion)}, run \`${data.run.replaceAll('`', '')}\`.`,
  ].join('\n\n')}\n`;
}

function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map(escapeMarkdown);
}

function howItWasMade(data: ReportData): string {
  const { config, plan, selection } = data;
  const { training, privacy, sampling } = config;
  const noise =
    privacy.epsilon === 'none'
      ? 'without differential privacy'
      : `with DP-SGD: clipping norm ${formatNumber(privacy.clippingNorm)}, noise multiplier ${formatNumber(plan.noiseMultiplier)}, sampling rate ${formatNumber(plan.samplingRate)}`;
  const steps = [
    ...(training.steps === 0
      ? []
      : [
          `The public language model ${escapeMarkdown(config.model)} was fine-tuned (${describeAdapter(training.adapter)}; ${formatCount(plan.trainableParameters)} trainable parameters) on ${formatCount(data.trainingRecords)} private records for ${formatCount(training.steps)} steps ${noise}.`,
        ]),
    `${selection === undefined ? `${formatCount(data.syntheticRecords)} texts` : 'Texts'} were sampled${training.steps === 0 ? ` from the public language model ${escapeMarkdown(config.model)}` : ''}: temperature ${sampling.temperature}, top-p ${sampling.topP}, at most ${sampling.maxTokens} tokens, ${sampling.labels === 'uniform' ? 'uniform labels' : 'labels in the declared proportions'}.${variety(data)}${whole(data)}`,
    ...removedTexts(data),
    ...(selection === undefined ? [] : [selectionText(selection, data.syntheticRecords)]),
  ];
  return steps.map((step, k) => `${k + 1}. ${step}`).join('\n');
}

function selectionText({ labelling, labels }: SelectionSummary, kept: number): string {
  const pool = labels.reduce((sum, label) => sum + label.pool, 0);
  const how = {
    agree: 'keeping those whose label it confirms',
    relabel: 'giving each the label that it finds',
    soft: 'giving each the probabilities that it finds, in `label_probabilities`',
  }[labelling];
  return `A classifier that learned from the private records with differential privacy chose ${formatCount(kept)} of ${formatCount(pool)} texts, ${how}.`;
}

function variety({ config: { template } }: ReportData): string {
  return template.form === 'chat' && template.attributes !== undefined
    ? ' Their instructions vary by attributes from public lists, one list for each label.'
    : '';
}

function whole({ config: { sampling }, textCounts }: ReportData): string {
  const counts = textCounts?.synthetic;
  if (counts === undefined) return '';
  const cut =
    sampling.endAtSentence === true ? ' and ended at their last whole sentence, if they have one' : '';
  return ` ${shareOf(counts.ended, counts.kept)} of the texts were ended by the model itself; the others were cut${cut}.`;
}

/** What the rules of the filter took away: post-processing, which costs no privacy. */
function removedTexts({ config: { sampling }, selection, textCounts }: ReportData): string[] {
  const counts = textCounts?.synthetic;
  if (counts === undefined || sampling.filter === undefined) return [];
  const rules = FILTER_RULES.map((rule) => `${formatCount(counts.removed[rule])} ${RULE_NAMES[rule]}`);
  const missing = counts.asked - counts.kept;
  return [
    `Texts that public rules removed: ${rules.join(', ')}. ${missing === 0 ? 'Others were written in their place.' : `${formatCount(missing)} of ${formatCount(counts.asked)} ${selection === undefined ? 'records' : 'texts to choose from'} are missing for that reason.`}`,
  ];
}

function scoreTable(data: ReportData): string {
  if (data.scores === null) return missingScores(data);
  const rows = data.scores.rows.map((row) => [
    row.source,
    formatMean(row.mean.balancedAccuracy, row.deviation.balancedAccuracy),
    formatInterval(row.intervals.balancedAccuracy),
    formatMean(row.mean.macroF1, row.deviation.macroF1),
  ]);
  const missing = data.scores.missing.map(({ source, why }) => [
    source,
    `missing: ${escapeMarkdown(why)}`,
    '',
    '',
  ]);
  return `One classifier was trained on each source and scored on ${formatCount(data.scores.testRecords)} real test records.\n\n${table(
    ['trained on', 'balanced accuracy', `${data.scores.confidence * 100}% interval`, 'macro-F1'],
    [...rows, ...missing],
  )}`;
}
