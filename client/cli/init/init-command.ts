import type { Command } from 'commander';
import { JSON_OPTION, numberArgument } from '../terminal/options.ts';

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
    .description('write an experiment for a file of your own, and explain each setting')
    .argument('<file>', 'a .csv, .tsv or .jsonl file whose records each have a text and a label')
    .option('--text <field>', 'the field that holds the text')
    .option('--label <field>', 'the field that holds the label')
    .option('--labels <label...>', 'the labels to declare public, instead of those found')
    .option('--out <file>', 'the experiment to write (default: FILE.experiment.json)')
    .option('--minutes <number>', 'how long a run may take on two CPU cores', numberArgument, 10)
    .option('--epsilon <number>', 'the privacy budget', numberArgument, 8)
    .option(
      '--attributes <number>',
      'topics that the public model proposes for each label, for you to edit (0: none)',
      numberArgument,
      0,
    )
    .option('--yes', 'ask nothing: make the best choices, and declare the labels found public')
    .option('--force', 'replace existing files')
    .option(...JSON_OPTION)
    .action(init);
}

async function init(file: string, options: Options): Promise<void> {
  const { invalidConfig } = await import('../../../schemas/errors.ts');
  const { yes = false, force = false, json = false, minutes, epsilon, attributes } = options;
  if (!(minutes > 0)) throw invalidConfig('--minutes must be above 0.');
  if (!(epsilon > 0)) throw invalidConfig('--epsilon must be above 0.');
  if (!Number.isInteger(attributes) || attributes < 0 || attributes > MOST_ATTRIBUTES)
    throw invalidConfig(`--attributes must be a whole number from 0 to ${MOST_ATTRIBUTES}.`);
  if (!yes && (json || !process.stdin.isTTY || !process.stdout.isTTY))
    throw invalidConfig(
      'dpsynth init asks questions at a terminal. Without a terminal, or with --json, add --yes; --text and --label choose the fields.',
    );
  const { writeExperiment } = await import('./write-experiment.ts');
  const { askAtTerminal } = await import('./ask.ts');
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
