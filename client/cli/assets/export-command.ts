import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

type Options = { model: string; out: string; merged?: boolean; json?: boolean };

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description("export an adapter in PEFT's format, or merged into its model as a Hugging Face folder")
    .argument('<adapter>', 'the adapter.safetensors in the release folder of a run')
    .requiredOption(
      '--model <model>',
      'the model it was trained on: a catalog name, a path or hub:OWNER/NAME',
    )
    .requiredOption('--out <folder>', 'the folder to write; it must not exist yet')
    .option('--merged', 'write the whole model with the adapter built in')
    .option(...JSON_OPTION)
    .action(exportCommand);
}

async function exportCommand(adapter: string, options: Options): Promise<void> {
  const { exportAdapter } = await import('../../experiment/export-adapter.ts');
  const files = await exportAdapter({ ...options, adapter, merged: options.merged ?? false });
  if (options.json) console.log(JSON.stringify({ folder: options.out, files }));
  else console.log(`Wrote ${files.join(', ')} to ${options.out}`);
}
