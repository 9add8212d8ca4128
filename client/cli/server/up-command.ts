import type { Command } from 'commander';
import { TaskQueue, WorkflowType } from '../../../schemas/names.ts';
import { JSON_OPTION, portArgument } from '../terminal/options.ts';

type UpOptions = { home?: string; port?: number; uiPort?: number; json?: boolean };

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start the embedded Temporal server, its UI and all workers, until Ctrl-C')
    .option('--home <folder>', 'where state is kept (default: DPSYNTH_HOME, else .dpsynth)')
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
          `  Temporal UI   ${uiUrl ?? 'as your Temporal server has it'}`,
          `  State         ${home.folder}`,
          '',
          '  To start an experiment, press "Start Workflow" in the UI and give',
          `    Task Queue     ${TaskQueue.control}`,
          `    Workflow Type  ${WorkflowType.experiment}`,
          '    Input          the content of examples/topics.json',
          '  or run `dpsynth run examples/topics.json --local` in another terminal.',
          '',
          embedded.owned
            ? '  Ctrl-C stops all; runs are kept and go on at the next start.'
            : '  It was up already.',
          '',
        ].join('\n'),
      );
    }
    if (embedded.owned) await interrupted;
  });
}
