/**
 * What models write where a name or a date should stand: `[Your Name]`, `[姓名]`, `{{name}}`, `<insert link>`,
 * `____`. Markdown links and indices such as `list[index]` are none.
 */
const PLACEHOLDERS = [
  /(?<![A-Za-z0-9_)\]\\])[[［]\s*(?=[^\]］]*\p{L}{2})\p{L}[\p{L}\p{M}\p{N}'’\s/_,.:-]{1,60}[\]］](?!\()/u,
  /\{\{?\s*\p{L}[\p{L}\p{M}\p{N}'’ _.-]{1,40}\}/u,
  /<\s*(?:your|insert|name|date|time|number|link|company|place|ihr|euer|dein|votre|tu|su)\b[^<>]{0,40}>/iu,
  /_{3,}/u,
];

/**
 * A bracket holds a placeholder if it is in words: `[sic]`, `[citation needed]` and numbers of notes are the
 * style of a corpus.
 */
const EDITORIAL = /[[［]\s*(?:sic|edit|citation needed|note \d+|\p{L})\s*[\]］]/giu;

/** Whether a text holds a place for something that was never filled in. */
export function hasPlaceholder(text: string): boolean {
  const without = text.replaceAll(EDITORIAL, '');
  return PLACEHOLDERS.some((pattern) => pattern.test(without));
}
