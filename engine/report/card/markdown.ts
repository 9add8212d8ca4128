/** Escapes text for one line of Markdown or a table cell: no markup, no HTML, no line break. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]#|~<>&$]/g, (character) => HTML[character] ?? `\\${character}`);
}

const HTML: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Returns a fenced block whose fence is longer than any run of backticks in it. */
export function fenced(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}

/** Returns a YAML scalar in double quotes: every JSON string is a YAML string. */
export function yamlString(text: string): string {
  return JSON.stringify(text);
}

/** Returns a Markdown table. Cells are inserted without escaping. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
