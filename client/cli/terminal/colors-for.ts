import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/**
 * Colours for text that goes to `stream`: those of a terminal, and none in a file or a pipe, also where the
 * environment (`CI`, `FORCE_COLOR`) would have them there: what programs read must not change with it.
 */
export function colorsFor(stream: { isTTY?: boolean | undefined }): Colors {
  return pc.createColors(pc.isColorSupported && stream.isTTY === true);
}
