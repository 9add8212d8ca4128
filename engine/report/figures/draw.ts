import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, type Markup, safeMarkup } from '../html.ts';

/**
 * Every chart is drawn at these widths, in CSS pixels. Words keep their size, so a phone needs its own
 * drawing.
 */
export const WIDTHS = { narrow: 340, wide: 720 } as const;
export type Size = keyof typeof WIDTHS;

/**
 * Draws a plot as static SVG, without a browser. Colours are CSS variables, so one drawing serves light mode,
 * dark mode and print. `told` is the text alternative; screen readers do not read the parts inside.
 */
export function draw(params: { size: Size; told: string; options: Plot.PlotOptions }): Markup {
  const { size, told, options } = params;
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({ ...options, document, width: WIDTHS[size] });
  // One style sheet of the page covers all charts.
  svg.querySelector('style')?.remove();
  svg.setAttribute('class', size);
  // The page escapes the words of a text itself, because the library leaves < and > in attributes.
  return html`<svg role="img" aria-label="${told}"${safeMarkup(svg.outerHTML.slice('<svg'.length))}`;
}
