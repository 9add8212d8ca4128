import { expect, test } from 'vitest';
import { readSmsSpam } from './sms-spam.ts';
import { readTweetSentiment } from './tweet-sentiment.ts';
import { readWikiTopics } from './wiki-topics.ts';

test('messages swallowed by another are restored with their own labels', () => {
  const csv = ',spam,text\n0,0,plain\n1,0,"first\nspam\tsecond, with comma\nham\tthird"\n2,1,last\n';
  expect(readSmsSpam(Buffer.from(csv))).toEqual([
    { text: 'plain', label: 'ham' },
    { text: 'first', label: 'ham' },
    { text: 'second, with comma', label: 'spam' },
    { text: 'third', label: 'ham' },
    { text: 'last', label: 'spam' },
  ]);
});

test('tweets with damaged characters are left out', () => {
  const bytes = Buffer.concat([
    Buffer.from('sentiment,confidence,text\r\nnegative,0.7,"bad, sad"\r\npositive,1,'),
    Buffer.from([0xd1, 0x5f]),
    Buffer.from('\r\nneutral,1,so so\r\n'),
  ]);
  expect(readTweetSentiment(bytes)).toEqual([
    { text: 'bad, sad', label: 'negative' },
    { text: 'so so', label: 'neutral' },
  ]);
});

test('an article becomes its extract and topic', () => {
  const json = { A: { title: 'A', extract: 'A is a letter.', description: 'letter', topic: 'Arts' } };
  expect(readWikiTopics(Buffer.from(JSON.stringify(json)))).toEqual([
    { text: 'A is a letter.', label: 'Arts' },
  ]);
  expect(() => readWikiTopics(Buffer.from('{"A": {}}'))).toThrow('string fields extract and topic');
});
