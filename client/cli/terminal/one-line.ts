/** Makes a label or a field name safe for a terminal: no control characters, at most 60 characters. */
export function oneLine(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
}
