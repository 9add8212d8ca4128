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
  'The texts may be wrong, biased or offensive, as those of any language model. A text may not fit its label.';

/**
 * The dataset card: a README.md for the folder of the synthetic corpus, with the hub's metadata header. Always made of
 * what may be published, whatever version the data are.
 * `dataFile` is the corpus file beside the card; `license` a hub licence id, `unknown` by default.
 */
export function renderDatasetCard(params: { data: ReportData; dataFile: string; license?: string }): string {
  const data = toRelease(params.data);
  const { config } = data;
  return `${[
    hubMetadata({ data, dataFile: params.dataFile, license: params.license ?? 'unknown' }),
    `# ${escapeMarkdown(config.name)}: synthetic texts`,
    `${formatCount(data.syntheticRecords)} labelled texts written by a language model that was fine-tuned on private records. The private records are not here.`,
    `\`${params.dataFile}\` holds them for \`datasets.load_dataset\`; \`synthetic.jsonl\` holds the same, one JSON object a line.`,
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
  const { config, plan } = data;
  const { training, privacy, sampling } = config;
  const noise =
    privacy.epsilon === 'none'
      ? 'without differential privacy'
      : `with DP-SGD: clipping norm ${formatNumber(privacy.clippingNorm)}, noise multiplier ${formatNumber(plan.noiseMultiplier)}, sampling rate ${formatNumber(plan.samplingRate)}`;
  return [
    `1. The public language model ${escapeMarkdown(config.model)} was fine-tuned (${describeAdapter(training.adapter)}; ${formatCount(plan.trainableParameters)} trainable parameters) on ${formatCount(data.trainingRecords)} private records for ${formatCount(training.steps)} steps ${noise}.`,
    `2. ${formatCount(data.syntheticRecords)} texts were sampled: temperature ${sampling.temperature}, top-p ${sampling.topP}, at most ${sampling.maxTokens} tokens, labels ${sampling.labels === 'uniform' ? 'uniform' : 'in declared proportions'}.${variety(data)}${whole(data)}`,
    ...removedTexts(data),
  ].join('\n');
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
function removedTexts({ config: { sampling }, textCounts }: ReportData): string[] {
  const counts = textCounts?.synthetic;
  if (counts === undefined || sampling.filter === undefined) return [];
  const rules = FILTER_RULES.map((rule) => `${formatCount(counts.removed[rule])} ${RULE_NAMES[rule]}`);
  const missing = counts.asked - counts.kept;
  return [
    `3. Texts that public rules removed: ${rules.join(', ')}. ${missing === 0 ? 'Others were written in their place.' : `${formatCount(missing)} of ${formatCount(counts.asked)} records are missing for that reason.`}`,
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
  return `A classifier trained on each source and scored on ${formatCount(data.scores.testRecords)} real test records.\n\n${table(
    ['trained on', 'balanced accuracy', `${data.scores.confidence * 100}% interval`, 'macro-F1'],
    [...rows, ...missing],
  )}`;
}
