import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, type Markup, safeMarkup } from '../html.ts';

/** Widths in CSS pixels that every picture is drawn at: words keep their size, so a phone gets a picture of its own. */
export const WIDTHS = { narrow: 340, wide: 720 } as const;
export type Size = keyof typeof WIDTHS;

/**
 * Draws a plot as static SVG, without a browser. Colours are CSS variables, so that one picture does for light, dark and print.
 * `told` is the text alternative; the parts inside are not read out.
 */
export function draw(params: { size: Size; told: string; options: Plot.PlotOptions }): Markup {
  const { size, told, options } = params;
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({ ...options, document, width: WIDTHS[size] });
  // The page styles its pictures itself: one sheet for all of them.
  svg.querySelector('style')?.remove();
  svg.setAttribute('class', size);
  // Words of a text are escaped by the page's own rule; the library's leaves < and > in attributes.
  return html`<svg role="img" aria-label="${told}"${safeMarkup(svg.outerHTML.slice('<svg'.length))}`;
}
