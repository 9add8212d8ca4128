const SEGMENTER = new Intl.Segmenter('und', { granularity: 'word' });
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/**
 * Returns the words of a text in lower case by the rules of Unicode (UAX 29), which also cover scripts
 * without spaces. An emoji is a word; punctuation and white space are not.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of SEGMENTER.segment(text.normalize('NFC')))
    if (isWordLike || PICTOGRAPH.test(segment)) words.push(segment.toLowerCase());
  return words;
}
