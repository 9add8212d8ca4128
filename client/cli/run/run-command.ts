import type { Command } from 'commander';
import { JSON_OPTION, PRIVATE_SCORES_OPTION, portArgument } from '../terminal/options.ts';
import type { RunOptions } from './run-experiment.ts';

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run an experiment, then print its scores and where its report is')
    .argument('[config]', 'the JSON file of the experiment, such as examples/topics.json')
    .option('--local', 'start the embedded Temporal server and its workers')
    .option('--watch', 'on a cluster: follow the run to its end (--local always does)')
    .option('--resume <run>', 'follow a run that was started earlier, instead of starting one')
    .option(
      '--id <run>',
      'id of the run (default: name, time and a random suffix); the id of a failed or cancelled run resumes it',
    )
    .option(
      '--home <folder>',
      'with --local: the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)',
    )
    .option('--port <port>', 'with --local: port of the Temporal server', portArgument)
    .option('--ui-port <port>', 'with --local: port of the Temporal UI', portArgument)
    .option(...JSON_OPTION)
    .option(...PRIVATE_SCORES_OPTION)
    .action(run);
}

async function run(path: string | undefined, options: RunOptions, command: Command): Promise<void> {
  if ((path === undefined) === (options.resume === undefined))
    command.error('error: give either the JSON file of an experiment or --resume with the id of a run');
  const { loadConfig } = await import('../config/load-config.ts');
  const config = path === undefined ? null : await loadConfig({ path, checkFiles: options.local === true });
  if (config !== null) {
    // Counts of private records are for a person at a terminal, not for the log of a job.
    if (process.stderr.isTTY) {
      const { warnOfCorpus } = await import('./warn-of-corpus.ts');
      await warnOfCorpus(config);
    }
  }
  const { runExperiment } = await import('./run-experiment.ts');
  await runExperiment({ config, options });
}
