import { basename, extname, resolve } from 'node:path';
import { corpusReader } from '../../../engine/data/corpus-reader.ts';
import { surveyCorpus } from '../../../engine/data/survey-corpus.ts';
import { surveyFields } from '../../../engine/data/survey-fields.ts';
import { experimentSchema } from '../../../schemas/experiment.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { type PlanPreview, previewPlan } from '../../plan/preview-plan.ts';
import { verdictText } from '../plan/plan-text.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { askNumber } from './ask.ts';
import { chooseLabel, chooseLabels, chooseText, type Talk, type Wishes } from './choose.ts';
import { describeLabels } from './describe-labels.ts';
import { fieldsTable } from './fields-text.ts';
import { guideText } from './guide.ts';
import { outputFiles, writeOutput } from './output-files.ts';
import { proposeAttributes } from './propose-attributes.ts';
import { proposeSize } from './propose-size.ts';
import { readSource } from './read-source.ts';

export type InitOptions = Wishes & {
  out?: string;
  minutes: number;
  epsilon: number;
  force: boolean;
  /** How many topics the public model proposes for each label. */
  attributes: number;
};

export type InitResult = {
  config: string;
  guide: string;
  preview: PlanPreview;
  /** The commands to run next. */
  next: string[];
};

/**
 * Reads a file, makes the choices that an experiment on it needs (`talk.ask` asks the user), plans the
 * experiment, and writes it with a page that explains it. Throws InvalidConfig, InvalidData or
 * AssetUnavailable before writing anything.
 */
export async function writeExperiment(file: string, options: InitOptions, talk: Talk): Promise<InitResult> {
  const { ask, say } = talk;
  const { force, epsilon } = options;
  const paths = outputFiles({ file, out: options.out, force });
  const bytes = await readSource(file);
  const survey = { source: file, ...surveyFields({ bytes, source: file }) };
  const colors = colorsFor(process.stdout);
  if (survey.fields.length > 0) say(`${fieldsTable(survey.fields, colors)}\n`);

  const textField = await chooseText(survey, options, talk);
  const labelField = await chooseLabel(survey, { ...options, text: textField }, talk);
  // Reading the records here reports a fault of a requested field with its line.
  corpusReader({ source: file, textField, labelField })(bytes);
  const { labels, leftOut } = await chooseLabels(survey, { ...options, label: labelField }, talk);
  say(declaration({ labels: labels.length, leftOut: leftOut.length }));
  const descriptions = await describeLabels(labels, ask);
  const minutes =
    ask === null
      ? options.minutes
      : await askNumber(ask, 'Minutes that a run may take on two CPU cores', options.minutes);

  const { model: asset } = experimentSchema.shape;
  const attributes =
    options.attributes === 0
      ? undefined
      : await proposeAttributes({ model: asset.parse(undefined), descriptions, count: options.attributes });
  if (attributes !== undefined) say(proposal(attributes, labels.length));
  const draft = {
    name: basename(file, extname(file)).slice(0, 80),
    source: resolve(file),
    ...{ textField, labelField, labels, descriptions, epsilon, attributes },
  };
  const input = await proposeSize({ draft, bytes, minutes });
  const config = parseExperiment(input);
  const counts = surveyCorpus({ bytes, corpus: config.corpus });
  const preview = await previewPlan({ config, bytes, survey: counts });
  const next = [
    `npx dpsynth plan ${quoted(paths.config)}`,
    `npx dpsynth run ${quoted(paths.config)} --local`,
  ];
  const guide = guideText({ preview, file: basename(paths.config), minutes, next });
  await writeOutput({ path: paths.config, text: `${JSON.stringify(input, null, 2)}\n`, force });
  await writeOutput({ path: paths.guide, text: guide, force });
  say(`\n${verdictText(preview, counts, colors)}`);
  for (const hint of hintsOf(preview, minutes)) say(`${hint}\n`);
  say(`Wrote ${paths.config}. ${paths.guide} explains each choice. Next:\n`);
  say(next.map((command) => `  ${command}`).join('\n'));
  return { ...paths, preview, next };
}

/** Says what a different time limit would change. */
function hintsOf({ cost, signal, mechanism }: PlanPreview, minutes: number): string[] {
  const grows = 2 * mechanism.expectedBatchSize < mechanism.records - 1;
  return [
    ...(cost.minutes > 1.1 * minutes
      ? [`${minutes} minutes are not enough. This is the smallest run that dpsynth init proposes.`]
      : []),
    ...(grows && signal !== null && signal.verdict !== 'clear'
      ? ['More time allows larger batches, which stand out better from the noise. Try a larger --minutes.']
      : []),
  ];
}

function proposal(attributes: ReadonlyMap<string, readonly string[]>, labels: number): string {
  return (
    `The public model proposes topics for ${attributes.size} of ${labels} labels: template.attributes of the experiment. Read them and correct ` +
    'them before you run it: a small model names poor ones.\n'
  );
}

function declaration({ labels, leftOut }: { labels: number; leftOut: number }): string {
  const others =
    leftOut === 0
      ? ''
      : ` ${leftOut} other labels are left out with their records; choose the labels yourself with --labels.`;
  return (
    `${labels} labels are declared, which makes them public: the experiment, the server and every report show them.${others}\n` +
    'Remove any label that must stay secret from the experiment.\n'
  );
}

/** Quotes a path for a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
