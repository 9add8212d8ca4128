/**
 * Returns a label in the form in which labels of records and settings are compared: Unicode NFC, with each
 * run of white space as one space and none at the ends. Case matters.
 */
export function normaliseLabel(label: string): string {
  return label.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}
