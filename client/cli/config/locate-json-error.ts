/** Characters that V8 quotes on each side of an error. */
const CONTEXT = 10;

/**
 * Finds where JSON.parse failed from V8's message, which names the position, quotes the text around it, or
 * says that the text ended early.
 */
export function locateJsonError(params: { text: string; message: string }): {
  line: number;
  column: number;
  what: string;
} {
  const { text, message } = params;
  const before = text.slice(0, position(text, message)).split('\n');
  return {
    line: before.length,
    column: before[before.length - 1].length + 1,
    what: message.replace(/ in JSON at position.*$/s, '').replace(/, (\.\.\.)?".*$/s, ''),
  };
}

function position(text: string, message: string): number {
  const named = /at position (\d+)/.exec(message);
  if (named) return Number(named[1]);
  const quoted = /^Unexpected token '(.+?)', (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/su.exec(message);
  if (!quoted) return text.length;
  const [, token, cut, context] = quoted;
  const start = Math.max(0, text.indexOf(context));
  return cut ? start + CONTEXT : text.indexOf(token, start);
}
