import { expect, test } from 'vitest';
import { attributesIn } from './propose-attributes.ts';

test('entries of several lists are proposed once, those that most lists name first', () => {
  const lists = [
    'Here are some:\n1. **Tea**\n2. Rain: what falls\n- A late train.\n3. cut o',
    '1) rain\n2) Snow\n3) a late train\n4) Tea (hot)\n',
    '* Rain\n* 2. 雪だるま\n',
  ];
  expect(attributesIn(lists)).toEqual(['Rain', 'Tea', 'A late train', 'Snow', '雪だるま']);
});

test('lines that are no entry, that hold a placeholder, speak of the list or are long, are left out', () => {
  const list = [
    'A topic in a line',
    '1. [Name of a friend]',
    '2. 20 different topics',
    '3. one two three four five six seven eight nine',
    '4. 17',
    '4. a | b of a table',
    '5. Lunch',
    '',
  ].join('\n');
  expect(attributesIn([list])).toEqual(['Lunch']);
  expect(attributesIn(['', 'nothing here\n'])).toEqual([]);
});
