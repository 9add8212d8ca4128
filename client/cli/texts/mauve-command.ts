import type { Command } from 'commander';
import { integerArgument, JSON_OPTION, numberArgument } from '../terminal/options.ts';

type Options = {
  p: string;
  q: string;
  model: string;
  buckets?: number;
  scaling: number;
  seed: number;
  json?: boolean;
};

export function addMauveCommand(program: Command): void {
  program
    .command('mauve')
    .description('compute MAUVE and the frontier integral of two sets of texts or embeddings')
    .requiredOption(
      '--p <file>',
      'real texts: .npy of embeddings, .jsonl with a "text" field, or .txt with one text per line',
    )
    .requiredOption('--q <file>', 'generated texts, in one of the same formats')
    .option(
      '--model <model>',
      'the encoder of texts: a catalog name, hub:OWNER/NAME@COMMIT or a Hugging Face folder',
      'minilm-l6-v2',
    )
    .option(
      '--buckets <count>',
      'number of clusters (default: a tenth of the smaller file, at least 2)',
      integerArgument,
    )
    .option('--scaling <c>', 'scaling constant: a larger one gives lower scores', numberArgument, 5)
    .option('--seed <seed>', 'seed of the clustering', integerArgument, 25)
    .option(...JSON_OPTION)
    .action(mauveCommand);
}

async function mauveCommand(options: Options): Promise<void> {
  const { p: pFile, q: qFile, model, buckets = null, scaling, seed } = options;
  const { readEmbeddings } = await import('./read-embeddings.ts');
  const [p, q] = await readEmbeddings({ files: [pFile, qFile], model });
  const { mauve } = await import('../../../engine/metrics/mauve/mauve.ts');
  const [score] = mauve({ p, q, settings: [{ buckets, scaling, seed }] });
  if (options.json)
    console.log(JSON.stringify({ mauve: score.mauve, frontierIntegral: score.frontierIntegral }));
  else
    console.log(
      `MAUVE ${score.mauve.toFixed(4)}, frontier integral ${score.frontierIntegral.toFixed(4)} (${p.rows} and ${q.rows} texts, ${score.buckets} buckets, scaling ${scaling}, seed ${seed})`,
    );
}
