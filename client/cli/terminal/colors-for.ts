import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/**
 * Returns colours for text that is written to `stream`. A file or a pipe gets none, even if the environment
 * (`CI`, `FORCE_COLOR`) asks for them, because programs that read the output must not depend on it.
 */
export function colorsFor(stream: { isTTY?: boolean | undefined }): Colors {
  return pc.createColors(pc.isColorSupported && stream.isTTY === true);
}
