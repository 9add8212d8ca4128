/** A string, which stays unchanged, or a number that Python's json module writes but JSON does not allow. */
const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * Returns a JSON value with numbers that are not finite read as null, or undefined if the text is not JSON.
 */
export function parseLenientJson(text: string): unknown {
  const value = parse(text);
  if (value !== undefined || !/NaN|Infinity/.test(text)) return value;
  return parse(text.replace(STRING_OR_NOT_FINITE, (token) => (token.startsWith('"') ? token : 'null')));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be private.
    return undefined;
  }
}
