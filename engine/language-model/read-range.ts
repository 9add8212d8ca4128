import { type FileHandle, open } from 'node:fs/promises';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/** Reads a part of a weights file. Throws ArtifactCorrupt if the file is too short. */
export async function readRange(path: string, position: number, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    await readInto({ file, path, bytes, position });
    return bytes;
  } finally {
    await file.close();
  }
}

/** Fills `bytes` from a position of an open file. Throws ArtifactCorrupt if the file is too short. */
export async function readInto(params: {
  file: FileHandle;
  path: string;
  bytes: Uint8Array;
  position: number;
}): Promise<void> {
  const { file, path, bytes, position } = params;
  // A read may return fewer bytes than requested before the end of the file.
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw corruptWeights(path, 'is cut off');
    done += bytesRead;
  }
}

export function corruptWeights(path: string, what: string, cause?: unknown): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `The weights file ${path} ${what}. Fetch it again: dpsynth assets fetch, or copy it again.`,
    cause,
  });
}
