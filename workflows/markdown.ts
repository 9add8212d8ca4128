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
