import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { readNpy } from '../../../engine/data/npy.ts';
import { embedTexts } from '../../../engine/encoder/embed-texts.ts';
import { loadEncoder } from '../../../engine/encoder/encoder.ts';
import { openEncoder } from '../../../engine/encoder/open-encoder.ts';
import { type Embeddings, toEmbeddings } from '../../../engine/metrics/embeddings.ts';
import { DpsynthError, invalidData } from '../../../schemas/errors.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { readTexts } from './read-texts.ts';

/**
 * Returns the embeddings of files, in their order. A `.npy` file holds them, rows x dims. The encoder `model`
 * embeds the texts of `.jsonl` and `.txt` files; it is loaded once, and only if there are any.
 * Throws InvalidData, or what opening the encoder throws.
 */
export async function readEmbeddings(params: { files: string[]; model: string }): Promise<Embeddings[]> {
  const { files, model } = params;
  const kinds = files.map((file) => extname(file).toLowerCase());
  const unlike = files.find((_, i) => !['.npy', '.jsonl', '.txt'].includes(kinds[i]));
  if (unlike !== undefined)
    throw invalidData(
      `${unlike}: give a .npy file of embeddings, a .jsonl file with a "text" field, or a .txt file with one text per line.`,
    );
  const embed = kinds.every((kind) => kind === '.npy') ? undefined : await openEmbedder(model);
  const all: Embeddings[] = [];
  for (const [i, file] of files.entries())
    all.push(kinds[i] === '.npy' || !embed ? await readNpyFile(file) : await embed(await readTexts(file)));
  return all;
}

async function openEmbedder(model: string): Promise<(texts: string[]) => Promise<Embeddings>> {
  const { folder } = await locateAsset({ asset: model });
  const { tokenizer, ...source } = await openEncoder(folder);
  const encoder = await loadEncoder(source);
  return async (texts) => {
    const { embeddings, width } = await embedTexts({ encoder, tokenizer, texts });
    return { rows: texts.length, dims: width, values: embeddings };
  };
}

async function readNpyFile(file: string): Promise<Embeddings> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw invalidData(
      error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${error.code}).`,
    );
  });
  try {
    return toEmbeddings(readNpy(bytes), file);
  } catch (error) {
    if (!(error instanceof DpsynthError) || error.message.startsWith(file)) throw error;
    throw invalidData(`${file}: ${error.message}`);
  }
}
