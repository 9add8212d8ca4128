import { open } from 'node:fs/promises';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/** A part of a weights file. Throws ArtifactCorrupt where the file ends before it. */
export async function readRange(path: string, position: number, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    if (bytesRead < length) throw corruptWeights(path, 'is cut off');
    return bytes;
  } finally {
    await file.close();
  }
}

export function corruptWeights(path: string, what: string, cause?: unknown): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `The weights file ${path} ${what}. Fetch it again: dpsynth assets fetch, or copy it anew.`,
    cause,
  });
}
