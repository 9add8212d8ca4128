import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { PlanPreview } from '../../plan/preview-plan.ts';

/**
 * Returns the page beside an experiment that `dpsynth init` wrote, which explains each choice. It contains
 * the declared labels and the settings but no counts of records by label and no text, so it may be kept
 * with the experiment.
 */
export function guideText(params: {
  preview: PlanPreview;
  /** The file name of the experiment. */
  file: string;
  minutes: number;
  next: readonly string[];
}): string {
  const { preview, file, minutes, next } = params;
  const { config, signal } = preview;
  const { corpus, training, sampling, privacy } = config;
  const rows: [string, string, string][] = [
    [
      '`corpus.textField`',
      code(corpus.textField),
      'the text of a record. The synthetic corpus consists of such texts, each with a label',
    ],
    ['`corpus.labelField`', code(corpus.labelField), 'what a classifier learns to predict from the text'],
    [
      '`corpus.labels`',
      `${corpus.labels.length} labels`,
      'declared, and therefore public. Records with other labels are left out',
    ],
    [
      '`corpus.testSetIsPublic`',
      'false',
      'scores on your held-out records stay in the private report. Set it to true if those records are public',
    ],
    [
      '`template`',
      'chat',
      'the model was trained to follow instructions, and a description tells it what to write',
    ],
    ['`model`', code(config.model), 'small, fast on a CPU, and part of the catalog'],
    ['`training.adapter`', 'LoRA', 'few trainable parameters need little noise'],
    [
      '`training.steps`, `training.expectedBatchSize`',
      `${training.steps}, ${training.expectedBatchSize}`,
      `what ${minutes} minutes on two CPU cores allow, with batches of at most half of the records`,
    ],
    [
      '`training.microBatch`',
      `${training.microBatch}`,
      'records in memory at once. It changes only memory and time',
    ],
    [
      '`training.maxTokens`, `sampling.maxTokens`',
      `${training.maxTokens}, ${sampling.maxTokens}`,
      'public constants, not the length of your texts. Raise both for longer texts; the run then takes longer',
    ],
    [
      '`privacy.epsilon`',
      `${privacy.epsilon}`,
      'the guarantee. A smaller epsilon is stronger and adds more noise',
    ],
    [
      '`privacy.clippingNorm`, `training.learningRate`',
      `${privacy.clippingNorm}, ${training.learningRate.peak}`,
      'found on public texts',
    ],
    [
      '`sampling.records`',
      `${sampling.records}`,
      'the number of synthetic texts, divided equally among the labels',
    ],
    [
      '`sampling.endAtSentence`, `sampling.filter`',
      'true, all rules',
      'a text that is cut ends at its last whole sentence; texts with `[Name]`, or that repeat their instruction, are written anew',
    ],
  ];
  return [
    `# ${file}`,
    '',
    'Written by `dpsynth init`. Everything in the experiment counts as public: the server keeps it and reports show it.',
    '',
    '| setting | value | why |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
    '## Labels',
    '',
    'Declaring these labels tells everybody that your records use them. Remove any label that must stay secret from',
    '`corpus.labels` and from `template.descriptions`. Its records are then left out.',
    '',
    '| label | description |',
    '| --- | --- |',
    ...labelRows(config),
    '',
    'The texts are better if a description says in one line what such a text is, instead of repeating the label. Descriptions',
    'are public too: write them from public knowledge, and never copy from records.',
    '',
    ...attributeLines(config),
    '## Does the signal stand out from the noise?',
    '',
    signal === null
      ? 'Training is not private, so there is no noise.'
      : `${signal.verdict}: the noise of one update is ${preview.noiseToClippingRatio.toPrecision(2)} times the clipping norm.`,
    ...(signal !== null && signal.advice.length > 0
      ? ['', ...signal.advice.map((advice) => `- ${advice}`)]
      : []),
    '',
    '## Next',
    '',
    '```sh',
    ...next,
    '```',
    '',
  ].join('\n');
}

/** What to do with the topics that a model proposed; or how to give some. */
function attributeLines({ template }: ExperimentConfig): string[] {
  if (template.form !== 'chat') return [];
  const { attributes } = template;
  const use =
    'Sampling puts the attributes of a label into its instruction in turn, so that texts differ. Each may be a few words or a whole phrase.';
  return [
    '## Attributes',
    '',
    ...(attributes === undefined
      ? [
          `There are none. ${use} Give 20 to 25 for each label in \`template.attributes\`,`,
          'with `{attribute}` in `template.instruction`; `dpsynth init --attributes 20` lets the public model propose some.',
        ]
      : [
          `\`template.attributes\` holds ${count(attributes)} that **the public model proposed: read and correct them**. A small model repeats itself and strays.`,
          use,
        ]),
    'They are public, as descriptions are: write them from public knowledge, never by looking at records.',
    '',
  ];
}

function count(attributes: Record<string, string[]>): string {
  const lists = Object.values(attributes);
  return `${lists.flat().length} attributes of ${lists.length} labels`;
}

function labelRows({ corpus, template }: ExperimentConfig): string[] {
  if (template.form !== 'chat') return [];
  return corpus.labels.map((label) => `| ${cell(label)} | ${cell(template.descriptions[label])} |`);
}

function code(text: string): string {
  return text.includes('`') ? text : `\`${text}\``;
}

/** Text inside a cell of a table. */
function cell(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
