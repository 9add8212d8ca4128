const WORDS = new Intl.Segmenter('und', { granularity: 'word' });

/** As many words in a row that text and request share are no accident. */
const SHARED_WORDS = 8;

/**
 * How chat models begin when they speak about the text instead of writing it, in some languages. Narrow,
 * because a message may begin with "Sure, see you at 8" or "Here is my number".
 */
const OPENINGS = [
  /^(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great)\s*[,!.:]\s*(?:here\s*(?:['’]s|is|are)\b|i(?:['’]d| would| can|['’]ll| will)\s+(?:be (?:happy|glad)|love to|help|write|create))/iu,
  /^here\s*(?:['’]s|is|are)\s+(?:a|an|the|one|some|another|your|\d+)\b[^.!?\n]{0,120}:/iu,
  /^(?:as|i(?:['’]m| am)) an? (?:ai|artificial intelligence|language model)\b/iu,
  /^(?:i(?:['’]m| am) sorry|sorry|i apologi[sz]e)\s*,?\s*(?:but )?(?:i can(?:['’]t|not)|i(?:['’]m| am) (?:unable|not able))\b\s+(?:to\s+)?(?:assist|fulfil|provide|generate|create|help (?:you )?with (?:that|this))\b/iu,
  /^(?:natürlich|gerne?|klar|selbstverständlich|sicher)\s*[,!.:]\s*hier\s+(?:ist|sind|kommt)\b/iu,
  /^hier (?:ist|sind) (?:eine?|der|die|das|dein|ihr)[^.!?\n]{0,120}:/iu,
  /^(?:bien sûr|certainement|d['’]accord)\s*[,!.:]\s*(?:voici|voilà)/iu,
  /^voici (?:une?|le|la|les|votre|quelques)\s[^.!?\n]{0,120}:/iu,
  /^(?:claro|por supuesto|seguro)(?:\s+que\s+sí)?\s*[,!.:]\s*aquí/iu,
  /^aquí (?:tienes|está|hay)[^.!?\n]{0,120}:/iu,
  /^(?:当然|好的|没问题)[，,！!。：:]?\s*(?:以下是|这是|下面是)/u,
  /^(?:以下是|下面是)[^。！？\n]{0,60}[：:]/u,
  /^(?:もちろん|かしこまりました|承知)[^\n]{0,20}(?:以下|こちら)/u,
  /^(?:물론|네)[^\n]{0,10}(?:다음은|여기)/u,
];

/**
 * Gives a function that tells whether a text leaks the request that it answers: it begins as an answer to a
 * person would, or repeats the request or a run of its words.
 */
export function leakFinder(request: string): (text: string) => boolean {
  const words = wordsOf(request);
  const runs = runsOf(words, Math.min(SHARED_WORDS, words.length));
  return (text) => {
    const begin = text.replace(/^[\s"'“”„«»*#>_-]+/u, '');
    if (OPENINGS.some((opening) => opening.test(begin))) return true;
    return [...runsOf(wordsOf(text), Math.min(SHARED_WORDS, words.length))].some((run) => runs.has(run));
  };
}

/**
 * Words in lower case, without what stands between them; single characters or short words where a script
 * has no spaces.
 */
function wordsOf(text: string): string[] {
  return [...WORDS.segment(text.normalize('NFKC').toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

function runsOf(words: readonly string[], length: number): Set<string> {
  const runs = new Set<string>();
  // A request of fewer words than three says too little to be recognised.
  if (length < 3) return runs;
  for (let end = length; end <= words.length; end++) runs.add(words.slice(end - length, end).join(' '));
  return runs;
}
