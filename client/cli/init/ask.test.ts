import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { askAtTerminal, askNumber, askOneOf } from './ask.ts';

test('lines typed ahead answer the next questions, an empty one takes the proposal', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const { ask, close } = askAtTerminal({ input, output });
  input.write('nothing\n2\n\n  a word \n-1\n7\n');
  expect(await askOneOf(ask, { question: 'Field', of: ['body', 'title'] })).toBe('title');
  expect(await ask('Label', 'topic')).toBe('topic');
  expect(await ask('Say', 'less')).toBe('a word');
  expect(await askNumber(ask, 'Minutes', 10)).toBe(7);
  close();
  output.end();
  expect(await text(output)).toContain('Field (1 body, 2 title) [body]: ');
});

test('the end of the input is an interruption, not an answer', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const { ask } = askAtTerminal({ input, output });
  input.end();
  await expect(ask('Field', 'body')).rejects.toMatchObject({ name: 'DpsynthError', type: 'Interrupted' });
});
