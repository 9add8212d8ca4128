import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description('print token ids and negative log-likelihoods (nats) of each text, one JSON object per line')
    .requiredOption(
      '--model <model>',
      'a catalog name, hub:OWNER/NAME@COMMIT, a .gguf file or a Hugging Face folder',
    )
    .requiredOption('--text <file>', '.jsonl with a "text" field, or .txt with one text per line')
    .option(...JSON_OPTION)
    .action(score);
}

async function score(options: { model: string; text: string }): Promise<void> {
  const { readTexts } = await import('./read-texts.ts');
  const texts = await readTexts(options.text);
  const { locateAsset } = await import('../../../storage/assets/locate-asset.ts');
  const { path } = await locateAsset({ asset: options.model });
  const { openCheckpoint } = await import('../../../engine/language-model/load-model.ts');
  const source = await openCheckpoint(path);
  const { loadLanguageModel } = await import('../../../engine/language-model/load-language-model.ts');
  const { scoreTexts } = await import('../../../engine/language-model/score.ts');
  const model = await loadLanguageModel(source);
  for await (const { tokens, ids, nll } of scoreTexts({ model, tokenizer: source.tokenizer, texts }))
    console.log(JSON.stringify({ tokens, ids, nll }));
}
