/** Paragraphs as one page. The pane of the UI is shorter than its text by two margins, and cuts the last line: an empty one stands there. */
export function page(parts: readonly string[]): string {
  return [...parts.filter(Boolean), '&nbsp;'].join('\n\n');
}

/** Text of others may not break out of its line or its table. */
export function inline(text: string): string {
  return text.replace(/[\r\n|<>]+/g, ' ');
}

export function score(value: number | null): string {
  return value === null ? 'not defined' : value.toFixed(3);
}

/** Four significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
