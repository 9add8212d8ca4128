import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { PlanPreview } from '../../preview-plan.ts';

/**
 * The page beside an experiment that `dpsynth init` wrote: what each choice is and why. Holds the declared labels and the settings, no
 * count of records by label and no text, so that it may be kept where the experiment is kept.
 */
export function guideText(params: {
  preview: PlanPreview;
  /** How the experiment's file is called. */
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
      'the text of a record: the synthetic corpus has this alone, with a label',
    ],
    ['`corpus.labelField`', code(corpus.labelField), 'what a classifier learns to tell from the text'],
    [
      '`corpus.labels`',
      `${corpus.labels.length} labels`,
      'declared, hence public; other records are left out',
    ],
    [
      '`corpus.testSetIsPublic`',
      'false',
      'scores on your held-out records stay in the private report. Set it to true if these records are public',
    ],
    [
      '`template`',
      'chat',
      'the model was tuned to follow instructions, and a description tells it what to write',
    ],
    ['`model`', code(config.model), 'small, fast on a CPU, and comes with dpsynth'],
    ['`training.adapter`', 'LoRA', 'few trainable parameters need little noise'],
    [
      '`training.steps`, `training.expectedBatchSize`',
      `${training.steps}, ${training.expectedBatchSize}`,
      `what ${minutes} minutes on two CPU cores allow; batches of at most half of the records`,
    ],
    [
      '`training.microBatch`',
      `${training.microBatch}`,
      'records in memory at once. It changes memory and time alone',
    ],
    [
      '`training.maxTokens`, `sampling.maxTokens`',
      `${training.maxTokens}, ${sampling.maxTokens}`,
      'public constants, not the length of your texts. Raise both for longer texts: the time grows with them',
    ],
    ['`privacy.epsilon`', `${privacy.epsilon}`, 'the guarantee: smaller is stronger, and adds more noise'],
    [
      '`privacy.clippingNorm`, `training.learningRate`',
      `${privacy.clippingNorm}, ${training.learningRate.peak}`,
      'found on public texts',
    ],
    ['`sampling.records`', `${sampling.records}`, 'synthetic texts in all, the same number for each label'],
    [
      '`sampling.endAtSentence`, `sampling.filter`',
      'true, all rules',
      'a text that is cut ends at its last whole sentence; texts with `[Name]`, or that repeat their instruction, are written anew',
    ],
  ];
  return [
    `# ${file}`,
    '',
    'Written by `dpsynth init`. Everything in the experiment counts as public: it is kept by the server and stands in reports.',
    '',
    '| setting | value | why |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
    '## Labels',
    '',
    'Declaring these labels says to everybody that they are used in your records. Remove any that must stay secret, from `corpus.labels` and',
    'from `template.descriptions`; its records are then left out.',
    '',
    '| label | description |',
    '| --- | --- |',
    ...labelRows(config),
    '',
    'A description that says in a line what such a text is makes better texts than one that repeats the label. It is public too: write it',
    'from public knowledge, never by copying from records.',
    '',
    ...attributeLines(config),
    '## Will the signal be heard?',
    '',
    signal === null
      ? 'Training is not private.'
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
