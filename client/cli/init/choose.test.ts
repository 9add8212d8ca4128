import { describe, expect, test } from 'vitest';
import { surveyFields } from '../../../engine/data/survey-fields.ts';
import type { Ask } from './ask.ts';
import { chooseLabel, chooseLabels, chooseText } from './choose.ts';
import { describeLabels } from './describe-labels.ts';

const rows = Array.from({ length: 120 }, (_, i) => ({
  title: `zanzibar story ${i}`,
  body: `the quixotic marzipan of record number ${i} is here`,
  topic: ['north', 'south', 'east / west'][i % 3],
  stars: i % 5,
}));
const source = 'file.jsonl';
const file = {
  source,
  ...surveyFields({ bytes: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), source }),
};

const nobody = { ask: null, say: () => {} };

/** Answers in their order; an empty one takes the proposal. */
function talk(...answers: string[]) {
  const said: string[] = [];
  const ask: Ask = async (question, proposal) => {
    said.push(question);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('no more answers');
    return answer || proposal;
  };
  return { ask, said, say: (text: string) => said.push(text) };
}

test('if nobody can answer, the best candidates are chosen', async () => {
  expect(await chooseText(file, {}, nobody)).toBe('body');
  expect(await chooseLabel(file, { text: 'body' }, nobody)).toBe('topic');
  const { labels } = await chooseLabels(file, { label: 'topic' }, nobody);
  expect(labels).toEqual(['north', 'south', 'east / west']);
});

test('an answer may be a name, a number or empty; otherwise the question is repeated', async () => {
  expect(await chooseText(file, {}, talk(''))).toBe('body');
  expect(await chooseText(file, {}, talk('2'))).toBe('title');
  expect(await chooseText(file, {}, talk('nothing', '9', 'title'))).toBe('title');
});

test('labels are shown with their records, and those named by number are left out', async () => {
  const conversation = talk('9', '1,2', '2');
  const { labels, leftOut } = await chooseLabels(file, { label: 'topic' }, conversation);
  expect(labels).toEqual(['north', 'east / west']);
  expect(leftOut).toEqual(['south']);
  expect(conversation.said[0]).toContain('2  south (40 records)');
  expect(conversation.said[1]).toMatch(/public/);
});

test('each label is described, but many labels only on request', async () => {
  const two = await describeLabels(['card_arrival', 'lost "card"'], talk('a question about a card', '').ask);
  expect([...two]).toEqual([
    ['card_arrival', 'a question about a card'],
    ['lost "card"', `a text of the kind "lost 'card'"`],
  ]);
  const many = Array.from({ length: 77 }, (_, i) => `intent_${i}`);
  expect((await describeLabels(many, talk('').ask)).get('intent_76')).toBe('a text of the kind "intent 76"');
});

describe('an error names what was requested and nothing in the file', () => {
  const bare = (lines: object[]) => {
    const bytes = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
    return { source, ...surveyFields({ bytes, source }) };
  };
  const only = (pick: (row: (typeof rows)[number]) => object) => bare(rows.map(pick));
  const refusals: [name: string, attempt: () => Promise<unknown>, says: RegExp][] = [
    [
      'no text',
      () =>
        chooseText(
          only(({ topic, stars }) => ({ topic, stars })),
          {},
          nobody,
        ),
      /no field can be the text/,
    ],
    ['no records', () => chooseText(bare([]), {}, nobody), /no field can be the text/],
    [
      'no label',
      () =>
        chooseLabel(
          only(({ title, body }) => ({ title, body })),
          { text: 'body' },
          nobody,
        ),
      /no field can be the label/,
    ],
    [
      'one label',
      () =>
        chooseLabel(
          only(({ body }) => ({ body, topic: 'north' })),
          { text: 'body' },
          nobody,
        ),
      /no field can be the label/,
    ],
    [
      'one label by its name',
      () =>
        chooseLabels(
          only(({ body }) => ({ body, topic: 'north' })),
          { label: 'topic' },
          nobody,
        ),
      /fewer than two/,
    ],
    ['too many labels', () => chooseLabels(file, { label: 'title' }, nobody), /more than 100/],
    [
      'an unknown field',
      () => chooseText(file, { text: 'Body' }, nobody),
      /--text: file.jsonl has no field Body/,
    ],
    ['one field for both', () => chooseLabel(file, { text: 'body', label: 'body' }, nobody), /same field/],
    [
      'one declared label',
      () => chooseLabels(file, { label: 'topic', labels: ['a', ' a '] }, nobody),
      /--labels/,
    ],
  ];
  test.each(refusals)('%s', async (_, attempt, says) => {
    const error = await attempt().catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: 'DpsynthError', message: expect.stringMatching(says) });
    expect((error as Error).message).not.toMatch(/zanzibar|quixotic|marzipan|north|topic|title/);
  });
});
