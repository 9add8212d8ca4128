/** Unicode NFC, runs of white space as one space, no white space at the ends. */
export function normaliseText(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** Texts with the same key count as duplicates: they differ at most in white space and letter case. */
export function duplicateKey(text: string): string {
  return normaliseText(text).toLowerCase();
}
