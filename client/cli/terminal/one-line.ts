/** A label or the name of a field as a terminal may show it: without control characters, and 60 characters long at most. */
export function oneLine(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
}
