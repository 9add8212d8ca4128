import type { Command } from 'commander';
import { TaskQueue, WorkflowType } from '../../../schemas/names.ts';
import { JSON_OPTION, portArgument } from '../terminal/options.ts';

type UpOptions = { home?: string; port?: number; uiPort?: number; json?: boolean };

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start the embedded Temporal server, its UI and all workers, and run until Ctrl-C')
    .option('--home <folder>', 'the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)')
    .option('--port <port>', 'port of the Temporal server', portArgument)
    .option('--ui-port <port>', 'port of the Temporal UI', portArgument)
    .option(...JSON_OPTION)
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const { withEmbedded } = await import('./with-embedded.ts');
  await withEmbedded({ options }, async ({ embedded, interrupted }) => {
    const { home, address, uiUrl } = embedded;
    if (options.json) {
      console.log(JSON.stringify({ ui: uiUrl, address, home: home.folder, store: home.storeUri }));
    } else {
      console.log(
        [
          '',
          `  Temporal UI   ${uiUrl ?? 'see your Temporal server'}`,
          `  State         ${home.folder}`,
          '',
          '  To start an experiment, press "Start Workflow" in the UI and enter',
          `    Task Queue     ${TaskQueue.control}`,
          `    Workflow Type  ${WorkflowType.experiment}`,
          '    Input          the content of examples/topics.json',
          '  or run `dpsynth run examples/topics.json --local` in another terminal.',
          '',
          embedded.owned
            ? '  Ctrl-C stops everything. Unfinished runs are kept and resume at the next start.'
            : '  Already running.',
          '',
        ].join('\n'),
      );
    }
    if (embedded.owned) await interrupted;
  });
}
