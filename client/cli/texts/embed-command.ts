import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

type Options = { model: string; text: string; out: string; json?: boolean };

export function addEmbedCommand(program: Command): void {
  program
    .command('embed')
    .description('compute sentence embeddings of texts, as a NumPy file (float32, texts x dimensions)')
    .option(
      '--model <model>',
      'a BERT or DistilBERT encoder: a catalog name, hub:OWNER/NAME@COMMIT or a Hugging Face folder',
      'minilm-l6-v2',
    )
    .requiredOption('--text <file>', '.jsonl with a "text" field, or .txt with one text per line')
    .requiredOption('--out <file>', 'the .npy file to write')
    .option(...JSON_OPTION)
    .action(embed);
}

async function embed(options: Options): Promise<void> {
  const { readTexts } = await import('./read-texts.ts');
  const texts = await readTexts(options.text);
  const { locateAsset } = await import('../../../storage/assets/locate-asset.ts');
  const { folder } = await locateAsset({ asset: options.model });
  const { openEncoder } = await import('../../../engine/encoder/open-encoder.ts');
  const { loadEncoder } = await import('../../../engine/encoder/encoder.ts');
  const { embedTexts } = await import('../../../engine/encoder/embed-texts.ts');
  const { tokenizer, ...source } = await openEncoder(folder);
  const encoder = await loadEncoder(source);
  let shown = 0;
  const { embeddings, width } = await embedTexts({
    encoder,
    tokenizer,
    texts,
    onProgress(done, of) {
      const tenth = Math.floor((10 * done) / of);
      if (tenth === shown) return;
      shown = tenth;
      console.error(`Embedded ${done} of ${of} texts`);
    },
  });
  const { writeNpy } = await import('../../../engine/data/npy.ts');
  const { atomicWrite } = await import('../../../storage/atomic-write.ts');
  const body = writeNpy({ shape: [texts.length, width], values: embeddings });
  await atomicWrite({ path: options.out, body, replace: true, fileMode: 0o666, folderMode: 0o777 });
  const result = { rows: texts.length, dims: width, out: options.out };
  console.log(
    options.json
      ? JSON.stringify(result)
      : `Wrote ${result.rows} embeddings of ${width} dimensions to ${options.out}`,
  );
}
