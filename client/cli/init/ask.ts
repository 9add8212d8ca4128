import { createInterface } from 'node:readline/promises';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { oneLine } from '../terminal/one-line.ts';

/** Asks a question. Returns what the user types, or the proposal for an empty line. */
export type Ask = (question: string, proposal: string) => Promise<string>;

/**
 * Asks questions at the terminal. Lines typed ahead answer the next questions. Ctrl-C ends the process; the
 * end of the input rejects with Interrupted. Call `close` after the last question.
 */
export function askAtTerminal(streams: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream }): {
  ask: Ask;
  close: () => void;
} {
  const terminal = createInterface(streams);
  const lines = terminal[Symbol.asyncIterator]();
  terminal.once('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  return {
    ask: async (question, proposal) => {
      terminal.setPrompt(`${question} [${oneLine(proposal)}]: `);
      terminal.prompt();
      const { value, done } = await lines.next();
      if (done)
        throw new DpsynthError({ type: ErrorType.Interrupted, message: 'Stopped. No file was written.' });
      const answer = value.trim();
      return answer === '' ? proposal : answer;
    },
    close: () => terminal.close(),
  };
}

/**
 * Asks until the answer is one of the names or its number. The first name is the proposal. Names may begin or
 * end with spaces.
 */
export async function askOneOf(
  ask: Ask,
  params: { question: string; of: readonly string[] },
): Promise<string> {
  const { question, of } = params;
  const others = of.length > 1 ? ` (${of.map((name, i) => `${i + 1} ${oneLine(name)}`).join(', ')})` : '';
  for (;;) {
    const answer = await ask(`${question}${others}`, of[0]);
    const found = of.find((name) => name === answer || name.trim() === answer) ?? of[Number(answer) - 1];
    if (found !== undefined) return found;
  }
}

/** Asks until the answer is a number above zero. */
export async function askNumber(ask: Ask, question: string, proposal: number): Promise<number> {
  for (;;) {
    const answer = Number(await ask(question, String(proposal)));
    if (Number.isFinite(answer) && answer > 0) return answer;
  }
}
