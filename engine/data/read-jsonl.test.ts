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

test('lines may end with carriage returns; inside an object these are white space', () => {
  expect(read('{"body":"a","kind":"x"}\r{"body":"b","kind":"y"}\r\r\n')).toHaveLength(2);
  expect(read('{"body":"b",\r"kind":"y"}\n')).toHaveLength(1);
});

test('byte order marks between joined files are not part of a line', () => {
  expect(read('\ufeff{"body":"a","kind":"x"}\n\ufeff{"body":"\ufeffb","kind":"y"}')).toEqual([
    { text: 'a', label: 'x' },
    { text: '\ufeffb', label: 'y' },
  ]);
});

test('numbers that Python writes but JSON lacks may occur in fields that are not read', () => {
  const row = '{"a":NaN,"b":[-Infinity,Infinity],"body":"NaN \\"Infinity\\"","kind":"x"}';
  expect(read(row)).toEqual([{ text: 'NaN "Infinity"', label: 'x' }]);
  const long = `${'\\\\n'.repeat(2 ** 20)}NaN`;
  expect(read(`{"a":NaN,"body":"${long}","kind":"x"}`)[0].text).toHaveLength(2 ** 21 + 3);
  expect(() => read('{"body":"a","kind":NaN}')).toThrow(
    'the field "kind" is not a string, number or boolean',
  );
});

test('integers are labels as long as they are exact', () => {
  expect(read('{"body":"a","kind":9007199254740991}')[0].label).toBe('9007199254740991');
  for (const kind of ['9007199254740992', '-9007199254740993', '1e300', '1e999'])
    expect(() => read(`\n{"body":"a","kind":${kind}}`)).toThrow(
      /line 2: .* beyond 2\^53.* Write it as a string/,
    );
});

test('fields inherited by every object do not count', () => {
  const bytes = Buffer.from('{"body":"a"}');
  const labelField = 'constructor';
  expect(() => readJsonl({ bytes, name: 'c', textField: 'body', labelField })).toThrow(
    'no field "constructor"',
  );
});

test('a file longer than the longest string is read', () => {
  const blank = Buffer.alloc(2 ** 20, ' ').fill('\n', 2 ** 20 - 1);
  const row = Buffer.from('{"body":"a","kind":"x"}\n');
  const bytes = Buffer.concat([row, ...Array.from({ length: 520 }, () => blank), row]);
  expect(() => bytes.toString()).toThrow(/Cannot create a string longer/);
  expect(readJsonl({ bytes, name: 'c', textField: 'body', labelField: 'kind' })).toHaveLength(2);
});

test.each([
  ['bad JSON', '{"body":"a","kind":"x"}\n{"body": secret}', 'c.jsonl, line 2 is not valid JSON.'],
  ['no object', '["secret"]', 'c.jsonl, line 1 is not a JSON object.'],
  ['no text', '{"secret":"secret","kind":1}', 'line 1 has no field "body" for the text. Set'],
  ['no label', '\n{"body":"secret"}', 'line 2 has no field "kind" for the label. Set'],
  ['a text that is no string', '{"body":{"secret":1},"kind":1}', 'the field "body" is not a string.'],
  ['a label that is an object', '{"body":"a","kind":["secret"]}', 'the field "kind" is not a string'],
])('%s is located, and its value is not quoted', (_, text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ type: ErrorType.InvalidData, message: expect.stringContaining(message) }),
  );
  expect(() => read(text)).not.toThrow(/secret/);
});
