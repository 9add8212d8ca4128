import type { PlotOptions } from '@observablehq/plot';
import { html, type Markup } from '../html.ts';
import { scrollBox } from '../sections/section.ts';
import { draw, type Size } from './draw.ts';

/** The table below a chart: words, or numbers already formatted. */
export interface FigureTable {
  head: readonly string[];
  /** The first cell of a row names it. */
  rows: readonly (readonly string[])[];
}

/** An entry of the key. Its colour is a CSS variable; its sign identifies it without colour. */
export interface KeyEntry {
  name: string;
  colour: string;
  sign: string;
}

export interface FigureParams {
  title: string;
  /** One sentence with the main numbers of the chart, used as text alternative and caption. */
  text: string;
  /** Explains how to read the chart. */
  note?: string;
  key?: readonly KeyEntry[];
  table: FigureTable;
  plot: (size: Size) => PlotOptions;
}

/** Returns a chart with its title, key, caption and text alternative, and a folded table of its numbers. */
export function figure(params: FigureParams): Markup {
  const { title, text, note, key = [], table, plot } = params;
  const told = `${title}. ${text}`;
  const picture = (size: Size): Markup => draw({ size, told, options: plot(size) });
  return html`<figure class="chart"><h3>${title}</h3>
${key.length === 0 ? '' : keyList(key)}
${picture('wide')}${picture('narrow')}
<figcaption>${text}${note === undefined ? '' : html` <span class="reading">${note}</span>`}</figcaption>
<details><summary>The numbers</summary>${scrollBox(title, numbers(table))}</details></figure>`;
}

function keyList(key: readonly KeyEntry[]): Markup {
  return html`<ul class="key">${key.map(
    ({ name, colour, sign }) =>
      html`<li><span style="color:${colour}" aria-hidden="true">${sign}</span> <bdi>${name}</bdi></li>`,
  )}</ul>`;
}

function numbers({ head, rows }: FigureTable): Markup {
  return html`<table class="numbers"><thead><tr>${head.map(
    (name, column) => html`<th scope="col"${column === 0 ? '' : html` class="num"`}>${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row"><bdi>${name}</bdi></th>${cells.map((cell) => html`<td class="num">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}
