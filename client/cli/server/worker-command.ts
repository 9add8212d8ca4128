import { Argument, type Command, InvalidArgumentError } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run workers for an existing Temporal cluster (TEMPORAL_ADDRESS, temporal.toml)')
    .addArgument(new Argument('<roles...>', 'the queues to serve').choices(['control', 'cpu', 'gpu']))
    .option(
      '--device <gpu>',
      'the GPU for the gpu queue, by its number in nvidia-smi (default: the device that DPSYNTH_DEVICE names, else the CPU)',
      gpuArgument,
    )
    .option(...JSON_OPTION)
    .action(async (roles: string[], options: { device?: string }, command: Command) => {
      if (options.device !== undefined && !roles.includes('gpu'))
        command.error('error: --device is for the role gpu, which is not among the given roles');
      const { connect } = await import('../../connect.ts');
      const { close } = await connect();
      await close();
      const { runWorkers } = await import('./run-workers.ts');
      process.exitCode = await runWorkers({ roles, gpu: options.device });
    });
}

/** Parses the number of a GPU, or an identifier that `nvidia-smi -L` lists, also that of a part of a GPU. */
function gpuArgument(text: string): string {
  if (/^(\d+|(GPU|MIG)-[\w/-]+)$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the number of one GPU, or its identifier (nvidia-smi -L).');
}
