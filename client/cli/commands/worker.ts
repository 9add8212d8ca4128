import { Argument, type Command } from 'commander';
import { JSON_OPTION } from '../options.ts';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run workers against an existing Temporal cluster (TEMPORAL_ADDRESS, temporal.toml)')
    .addArgument(new Argument('<roles...>', 'which queues to serve').choices(['control', 'cpu', 'gpu']))
    .option(...JSON_OPTION)
    .action(async (roles: string[]) => {
      const { connect } = await import('../../connect.ts');
      const { close } = await connect();
      await close();
      const { runWorkers } = await import('../run-workers.ts');
      process.exitCode = await runWorkers({ roles });
    });
}
