import { invalidConfig } from '../../schemas/errors.ts';
import type { StoredTensor } from './checkpoint-source.ts';
import { storedBytes } from './number-formats.ts';
import { readNumbers } from './read-numbers.ts';
import { corruptWeights, readRange } from './read-range.ts';

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** A safetensors file: 8 bytes of header length, a JSON header, then the tensors' bytes. */
export type SafetensorsFile = { names: string[]; read(name: string): Promise<StoredTensor> };

const MAX_HEADER_BYTES = 100_000_000;

/** Opens a safetensors file with F32, F16 or BF16 tensors. Throws ArtifactCorrupt if it is damaged. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const header = await readHeader(path);
  async function read(name: string): Promise<StoredTensor> {
    const entry = header.entries[name];
    if (entry === undefined) throw corruptWeights(path, `lacks the tensor ${name}`);
    const {
      dtype,
      shape,
      data_offsets: [from, to],
    } = entry;
    if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
      throw invalidConfig(`${path}: tensor ${name} is ${dtype}; F32, F16 and BF16 are read.`);
    const values = shape.reduce((product, size) => product * size, 1);
    if (to - from !== storedBytes(dtype, values))
      throw corruptWeights(path, `has a wrong length for ${name}`);
    const position = header.dataOffset + from;
    return { shape, values: await readNumbers({ path, position, format: dtype, values }) };
  }
  return { names: Object.keys(header.entries), read };
}

async function readHeader(path: string): Promise<{ entries: Record<string, Entry>; dataOffset: number }> {
  const prefix = await readRange(path, 0, 8);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw corruptWeights(path, 'does not begin with a safetensors header');
  const text = new TextDecoder().decode(await readRange(path, 8, length));
  try {
    const { __metadata__, ...entries } = JSON.parse(text) as Record<string, Entry>;
    return { entries, dataOffset: 8 + length };
  } catch (cause) {
    throw corruptWeights(path, 'has an unreadable header', cause);
  }
}
