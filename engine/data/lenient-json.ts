/** A string, which stays as it is, or a number that Python's json module writes and JSON has no word for. */
const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/** A JSON value in which numbers that are not finite count as null; undefined for what is not JSON. */
export function parseLenientJson(text: string): unknown {
  const value = parse(text);
  if (value !== undefined || !/NaN|Infinity/.test(text)) return value;
  return parse(text.replace(STRING_OR_NOT_FINITE, (token) => (token.startsWith('"') ? token : 'null')));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message quotes the text, which may be private.
    return undefined;
  }
}
