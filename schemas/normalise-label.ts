/**
 * The form in which labels are compared, of records and of settings alike: Unicode NFC, runs of white space
 * as one space, none at the ends. Letter case counts.
 */
export function normaliseLabel(label: string): string {
  return label.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}
