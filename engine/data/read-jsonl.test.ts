import { expect, test } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { readJsonl } from './read-jsonl.ts';

const read = (text: string) =>
  readJsonl({ bytes: Buffer.from(text), name: 'c.jsonl', textField: 'body', labelField: 'kind' });

test('reads the named fields; numbers and booleans become labels', () => {
  expect(
    read('{"body":"a","kind":"x"}\r\n\n{"body":"b","kind":1,"more":[]}\n{"kind":true,"body":""}'),
  ).toEqual([
    { text: 'a', label: 'x' },
    { text: 'b', label: '1' },
    { text: '', label: 'true' },
  ]);
});

test.each([
  ['bad JSON', '{"body":"a","kind":"x"}\n{"body": secret}', 'c.jsonl, line 2 is not valid JSON.'],
  ['no object', '["secret"]', 'c.jsonl, line 1 is not a JSON object.'],
  ['no text', '{"text":"secret","kind":1}', 'line 1 has no field "body" for the text; it has: text, kind.'],
  ['no label', '\n{"body":"secret"}', 'line 2 has no field "kind" for the label; it has: body.'],
  ['a text that is no string', '{"body":{"secret":1},"kind":1}', 'the field "body" is not a string.'],
  ['a label that is an object', '{"body":"a","kind":["secret"]}', 'the field "kind" is not a string'],
])('%s is located, and its value is not quoted', (_, text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ type: ErrorType.InvalidData, message: expect.stringContaining(message) }),
  );
  expect(() => read(text)).not.toThrow(/secret/);
});
