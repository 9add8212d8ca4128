import type { PlotOptions } from '@observablehq/plot';
import type { Size } from './draw.ts';

/** What all pictures share: room for words of 13 pixels, and no background of their own. */
export function frame(size: Size, options: PlotOptions): PlotOptions {
  return {
    height: size === 'wide' ? 260 : 230,
    marginLeft: 48,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 42,
    style: { background: 'none' },
    ...options,
  };
}

/** Few enough ticks that their words do not touch. */
export const ticks = (size: Size): number => (size === 'wide' ? 8 : 4);
