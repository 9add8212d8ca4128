import { expect, test } from 'vitest';
import { endAtSentence, withoutBrokenEnd } from './last-sentence.ts';

test.each([
  ['English', 'The river rises here. It flows west. Its wat', 'The river rises here. It flows west.'],
  ['a quotation', 'She said: "Come back!" Then she le', 'She said: "Come back!"'],
  ['German', 'Das Haus ist alt. „Schön!“ Es steht in Ber', 'Das Haus ist alt. „Schön!“'],
  ['Chinese', '今天天气很好。我们去公园吧！你觉得', '今天天气很好。我们去公园吧！'],
  ['Japanese', '雨が降っています。「傘はある？」明日は', '雨が降っています。「傘はある？」'],
  ['Korean', '오늘은 맑습니다. 내일은 비가', '오늘은 맑습니다.'],
  ['Hindi', 'आज मौसम अच्छा है। हम चल', 'आज मौसम अच्छा है।'],
  ['Arabic', 'هل أنت بخير؟ أنا في ال', 'هل أنت بخير؟'],
])('a cut text in %s ends at its last whole sentence', (_language, cut, whole) => {
  expect(endAtSentence(cut)).toBe(whole);
});

test('a text that was cut right after a sentence stays whole', () => {
  expect(endAtSentence('It rains. Take a coat!')).toBe('It rains. Take a coat!');
});

test.each([
  'thx 4 the lift mate wil',
  '- apples\n- pears\n- ora',
  '今天天气很好我们去公园',
  'See you at 5.30 in',
  '',
])('a text without a whole sentence stays as it is: %s', (text) => {
  expect(endAtSentence(text)).toBe(text);
});

test.each([
  ['It opened. J. R. Smith came', 'It opened.'],
  ['Das ist neu. Man nimmt z. B. Holz', 'Das ist neu.'],
  ['Er kam spät. Am 3. Mai ging', 'Er kam spät.'],
  ['It is rare. It was found by Dr. Wat', 'It is rare.'],
  ['Bring these.\n1. A coat is best.\n2. A ha', 'Bring these.\n1. A coat is best.'],
])('initials, abbreviations, days and numbers of lists end no sentence: %s', (cut, whole) => {
  expect(endAtSentence(cut)).toBe(whole);
});

test('a character that was cut is left out', () => {
  expect(withoutBrokenEnd('so happy 🌍 \uFFFD')).toBe('so happy 🌍');
  expect(withoutBrokenEnd('so happy 🌍')).toBe('so happy 🌍');
});
