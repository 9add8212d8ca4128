import type { Command } from 'commander';
import { JSON_OPTION } from '../options.ts';

export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description(
      'validate an experiment, calibrate its noise and say whether the signal survives it; starts nothing',
    )
    .argument('<config>', 'JSON file of the experiment')
    .option(...JSON_OPTION)
    .action(plan);
}

async function plan(path: string, options: { json?: boolean }): Promise<void> {
  const { loadConfig } = await import('../load-config.ts');
  const config = await loadConfig({ path, checkFiles: true });
  const { previewPlan } = await import('../../preview-plan.ts');
  const preview = await previewPlan(config);
  if (options.json) {
    console.log(JSON.stringify(preview));
    return;
  }
  const { planText } = await import('../plan-text.ts');
  const { colorsFor } = await import('../colors-for.ts');
  console.log(planText(preview, colorsFor(process.stdout)));
}
