import { open } from 'node:fs/promises';

/** What one call of the operating system reads at most; `readFile` refuses files above 2 GiB altogether. */
const PART_BYTES = 2 ** 30;

/**
 * A file of any size that memory holds. Checkpoints of full fine-tuning have gigabytes. Errors are
 * those of `open`.
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
