const SENTENCES = new Intl.Segmenter('und', { granularity: 'sentence' });

/** The end of a sentence in any script, with the quotation marks and brackets that close after it. */
const SENTENCE_END =
  /\p{Sentence_Terminal}[\p{Close_Punctuation}\p{Final_Punctuation}\p{Quotation_Mark}*_]*$/u;

/**
 * Full stops that end no sentence though a new word follows: after a single letter (initials, "z. B."), a
 * number of a list or a day, and a title before a name. The segmenter knows no abbreviations.
 */
const NO_SENTENCE_END =
  /(?:^|[^\p{L}\p{N}])(?:\p{L}|\p{N}{1,2}|Mr|Mrs|Ms|Dr|Prof|Rev|Gen|Col|St|Sr|Jr|vs|Nr|No|Hr|Fr|Abb|vgl|Mme|Sra?)\.$/u;

/**
 * A text that was cut off, up to the end of its last whole sentence; as it is if it has none. Works for any
 * language whose sentences end with a mark.
 */
export function endAtSentence(text: string): string {
  const sentences = [...SENTENCES.segment(text)].map(({ segment }) => segment);
  const last = sentences.findLastIndex((sentence) => isWhole(sentence.trimEnd()));
  return last === -1
    ? text
    : sentences
        .slice(0, last + 1)
        .join('')
        .trimEnd();
}

/** A text that was cut off without what the first bytes of a character are decoded to. */
export function withoutBrokenEnd(text: string): string {
  return text.replace(/\s*\uFFFD+$/u, '');
}

function isWhole(sentence: string): boolean {
  return SENTENCE_END.test(sentence) && !NO_SENTENCE_END.test(sentence);
}
