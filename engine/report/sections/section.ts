import { html, type Markup } from '../html.ts';

export interface Section {
  id: string;
  title: string;
  body: Markup;
}

/** Returns a numbered section of the page. */
export function renderSection(section: Section, number: number): Markup {
  return html`<section id="${section.id}" aria-labelledby="${section.id}-title">
<h2 id="${section.id}-title"><span class="number" aria-hidden="true">${number}</span>${section.title}</h2>
${section.body}
</section>`;
}

/** Puts a wide table in a box of its own that scrolls sideways, also by keyboard. */
export function scrollBox(label: string, body: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${body}</div>`;
}

/** Returns a list of names and short values. */
export function factList(facts: readonly (readonly [string, string])[]): Markup {
  return html`<dl class="facts">${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}
