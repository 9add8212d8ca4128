import { open } from 'node:fs/promises';

/** The most that one call of the operating system reads. `readFile` refuses files above 2 GiB. */
const PART_BYTES = 2 ** 30;

/**
 * Returns the bytes of a file of any size that fits in memory: checkpoints of full fine-tuning have
 * gigabytes. Errors are those of `open`.
 */
export async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafe(size);
    for (let from = 0; from < size; ) {
      const { bytesRead } = await file.read(bytes, from, Math.min(PART_BYTES, size - from), from);
      if (bytesRead === 0) return bytes.subarray(0, from);
      from += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
