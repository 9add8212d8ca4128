import type { Command } from 'commander';
import { JSON_OPTION, numberArgument } from '../options.ts';

type Options = {
  text?: string;
  label?: string;
  labels?: string[];
  out?: string;
  minutes: number;
  epsilon: number;
  attributes: number;
  yes?: boolean;
  force?: boolean;
  json?: boolean;
};

/** A longer list is one that nobody reads. */
const MOST_ATTRIBUTES = 100;

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('look at a file of your own and write an experiment for it, with the reason of each setting')
    .argument('<file>', 'a .csv, .tsv or .jsonl file with a text and a label in each record')
    .option('--text <field>', 'the field of the text')
    .option('--label <field>', 'the field of the label')
    .option('--labels <label...>', 'the labels to declare public, in place of those found')
    .option('--out <file>', 'where the experiment goes (default: FILE.experiment.json)')
    .option('--minutes <number>', 'how long a run may take on two CPU cores', numberArgument, 10)
    .option('--epsilon <number>', 'the privacy budget', numberArgument, 8)
    .option(
      '--attributes <number>',
      'topics that the public model proposes for each label, for you to edit (0: none)',
      numberArgument,
      0,
    )
    .option('--yes', 'ask nothing: take the best choice, and declare the labels found public')
    .option('--force', 'replace files that exist')
    .option(...JSON_OPTION)
    .action(init);
}

async function init(file: string, options: Options): Promise<void> {
  const { invalidConfig } = await import('../../../schemas/errors.ts');
  const { yes = false, force = false, json = false, minutes, epsilon, attributes } = options;
  if (!(minutes > 0)) throw invalidConfig('--minutes must be more than 0.');
  if (!(epsilon > 0)) throw invalidConfig('--epsilon must be more than 0.');
  if (!Number.isInteger(attributes) || attributes < 0 || attributes > MOST_ATTRIBUTES)
    throw invalidConfig(`--attributes must be a whole number from 0 to ${MOST_ATTRIBUTES}.`);
  if (!yes && (json || !process.stdin.isTTY || !process.stdout.isTTY))
    throw invalidConfig(
      'dpsynth init asks questions at a terminal. Without one, or for --json, give --yes, and --text and --label if the fields should not be chosen for you.',
    );
  const { writeExperiment } = await import('../init/write-experiment.ts');
  const { askAtTerminal } = await import('../init/ask.ts');
  const terminal = yes ? null : askAtTerminal({ input: process.stdin, output: process.stdout });
  const say = (text: string) => {
    if (!json) console.log(text);
  };
  try {
    const wishes = { ...options, minutes, epsilon, force };
    const result = await writeExperiment(file, wishes, { ask: terminal?.ask ?? null, say });
    const { config, guide, preview, next } = result;
    const { textField, labelField, labels } = preview.config.corpus;
    const { signal, cost, warnings } = preview;
    if (json)
      console.log(
        JSON.stringify({ config, guide, textField, labelField, labels, signal, cost, warnings, next }),
      );
  } finally {
    terminal?.close();
  }
}
