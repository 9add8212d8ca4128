import type { PlotOptions } from '@observablehq/plot';
import type { Size } from './draw.ts';

/** Returns the options common to all charts: room for words of 13 pixels and no background. */
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

/** Returns a number of ticks small enough for their labels not to touch. */
export const ticks = (size: Size): number => (size === 'wide' ? 8 : 4);
