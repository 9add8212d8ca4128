/** Returns a text in Unicode NFC, with white space collapsed to single spaces and trimmed at the ends. */
export function normaliseText(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** Returns a key that is the same for duplicates: texts that differ only in white space and letter case. */
export function duplicateKey(text: string): string {
  return normaliseText(text).toLowerCase();
}
