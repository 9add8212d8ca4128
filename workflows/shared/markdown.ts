/**
 * Joins paragraphs to a page. The pane of the UI is too short by two margins and cuts off the last line, so
 * the page ends with an empty one.
 */
export function page(parts: readonly string[]): string {
  return [...parts.filter(Boolean), '&nbsp;'].join('\n\n');
}

/** Keeps foreign text inside its line and its table. */
export function inline(text: string): string {
  return text.replace(/[\r\n|<>]+/g, ' ');
}

export function score(value: number | null): string {
  return value === null ? 'not defined' : value.toFixed(3);
}

/** Formats a number with four significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
