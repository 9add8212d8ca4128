import { open } from 'node:fs/promises';
import { blockValues, decodeNumbers, type NumberFormat, storedBytes } from './number-formats.ts';
import { corruptWeights, readInto } from './read-range.ts';

/** A multiple of every block size. 4 Mi numbers are at most 16 MiB of file. */
const PIECE_VALUES = 2 ** 22;

/**
 * Reads a tensor of a weights file as float32, piece by piece, so that memory holds only the result and one
 * piece of the file. Throws ArtifactCorrupt if the file is too short or the numbers do not fill whole blocks
 * of their format.
 */
export async function readNumbers(params: {
  path: string;
  /** Offset of its first byte in the file. */
  position: number;
  format: NumberFormat;
  values: number;
}): Promise<Float32Array> {
  const { path, position, format, values } = params;
  if (values % blockValues(format) !== 0)
    throw corruptWeights(path, `has ${values} numbers in blocks of ${blockValues(format)}`);
  const out = new Float32Array(values);
  const buffer = new Uint8Array(storedBytes(format, Math.min(PIECE_VALUES, values)));
  const file = await open(path);
  try {
    for (let from = 0; from < values; from += PIECE_VALUES) {
      const count = Math.min(PIECE_VALUES, values - from);
      const bytes = buffer.subarray(0, storedBytes(format, count));
      await readInto({ file, path, bytes, position: position + storedBytes(format, from) });
      decodeNumbers({ format, bytes, out: out.subarray(from, from + count) });
    }
    return out;
  } finally {
    await file.close();
  }
}
