import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description(
      'check an experiment, calibrate its noise and judge whether the model can learn despite it; starts nothing',
    )
    .argument('<config>', 'the JSON file of the experiment')
    .option('--defaults', 'show every setting, with defaults filled in')
    .option(...JSON_OPTION)
    .action(plan);
}

async function plan(path: string, options: { defaults?: boolean; json?: boolean }): Promise<void> {
  const { loadConfig } = await import('../config/load-config.ts');
  const config = await loadConfig({ path, checkFiles: true });
  const { readCorpus } = await import('../../../storage/assets/read-corpus.ts');
  const { surveyCorpus } = await import('../../../engine/data/survey-corpus.ts');
  const bytes = await readCorpus({ source: config.corpus.source });
  const survey = surveyCorpus({ bytes, corpus: config.corpus });
  const { planText, surveyText } = await import('./plan-text.ts');
  const { colorsFor } = await import('../terminal/colors-for.ts');
  const { previewPlan } = await import('../../plan/preview-plan.ts');
  const preview = await previewPlan({ config, bytes, survey }).catch((error: unknown) => {
    // Runs throw the same error, so it names no label of the records. Here the owner may see the labels.
    if (!options.json) console.error(surveyText(survey, colorsFor(process.stderr)));
    throw error;
  });
  if (options.json) console.log(JSON.stringify(preview));
  else
    console.log(
      planText(preview, survey, { colors: colorsFor(process.stdout), defaults: options.defaults === true }),
    );
}
