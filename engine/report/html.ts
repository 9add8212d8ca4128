/** A piece of HTML that is safe to put in a page. Only `html`, `trusted` and `safeMarkup` create one. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | null | undefined | readonly Part[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// U+0000 and the other C0 controls are not allowed in HTML at all; tab and line breaks are.
const CONTROLS = new RegExp(
  `[${String.fromCharCode(0)}-${String.fromCharCode(8)}\\v\\f${String.fromCharCode(14)}-${String.fromCharCode(31)}${String.fromCharCode(127)}]`,
  'g',
);

/** Escapes text for element content and for quoted attributes. Control characters become U+FFFD. */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Marks constant text of this code, such as the style sheet, as HTML. Never for data. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** Marks the output of a library that escapes its input, such as a drawn chart, as HTML. */
export function safeMarkup(markup: string): Markup {
  return { markup: withoutControls(markup) };
}

/** Template tag: escapes every interpolated string, inserts `Markup` unchanged and joins lists. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let markup = strings[0];
  parts.forEach((part, index) => {
    markup += toHtml(part) + strings[index + 1];
  });
  return { markup };
}

function withoutControls(text: string): string {
  return text.replace(CONTROLS, '\uFFFD');
}

function toHtml(part: Part): string {
  if (part === null || part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map(toHtml).join('');
}
