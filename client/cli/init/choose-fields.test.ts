import { expect, test } from 'vitest';
import { surveyFields } from '../../../engine/data/survey-fields.ts';
import { isRecord, labelCandidates, proposeLabels, textCandidates } from './choose-fields.ts';

type Row = Record<string, unknown>;
const WORDS = [
  'lamp',
  'parcel',
  'invoice',
  'screen',
  'battery',
  'colour',
  'refund',
  'garden',
  'window',
  'chair',
];

/** A text of some words that no other number has. */
function textOf(i: number, words = 9): string {
  const chosen = Array.from({ length: words }, (_, j) => WORDS[(i * 7 + j * 3 + ((i / 10) | 0) * j) % 10]);
  return `the ${chosen.join(' ')} of order ${i}`;
}

function survey(count: number, row: (i: number) => Row) {
  const lines = Array.from({ length: count }, (_, i) => JSON.stringify(row(i)));
  return surveyFields({ bytes: Buffer.from(lines.join('\n')), source: 'file.jsonl' });
}

function chosen({ records, fields }: ReturnType<typeof survey>) {
  const [text] = textCandidates(fields);
  const [label] = labelCandidates(fields, { text: text?.name ?? '', records });
  return { text: text?.name, label: label?.name };
}

test('the text is the longest free text, not an id, a link or a repeated sentence', () => {
  const file = survey(120, (i) => ({
    id: `550e8400-e29b-41d4-a716-44665544${i}-and-a-long-tail-of-characters-that-no-text-is-as-long-as`,
    link: `https://example.org/some/very/long/path/that/is/longer/than/any/text/of/this/file/number/${i}`,
    notice:
      'This message is confidential and meant for the person to whom it was addressed, and nobody else.',
    title: textOf(i, 3),
    body: textOf(i),
    topic: ['garden', 'house', 'street'][i % 3],
  }));
  expect(chosen(file)).toEqual({ text: 'body', label: 'topic' });
});

test('texts without spaces between words are texts', () => {
  const file = survey(90, (i) => ({
    id: `number-${i}`,
    review: `この商品はとても良いです${i}。また買います`,
    stars: i % 5,
  }));
  expect(chosen(file)).toEqual({ text: 'review', label: 'stars' });
});

test('a field with the name of a label field is preferred to others that divide the records', () => {
  const file = survey(120, (i) => ({
    split: i % 5 === 0 ? 'test' : 'train',
    lang: ['de', 'en', 'fr', 'it'][i % 4],
    country: `country ${i % 30}`,
    verified: i % 2 === 0,
    notice: `This message is confidential and meant for one person, form ${i % 60}.`,
    Kategorie: i % 9 === 0 ? 'Kauf / Verkauf' : 'Sonstiges',
    Nachricht: textOf(i),
  }));
  expect(chosen(file)).toEqual({ text: 'Nachricht', label: 'Kategorie' });
});

test('the name of a class is proposed before its number', () => {
  const file = survey(120, (i) => ({ text: textOf(i), category_id: i % 4, category: `class ${i % 4}` }));
  expect(chosen(file).label).toBe('category');
});

test('a field of any name is proposed before a sentence that some records share', () => {
  const notice = (i: number) => `Sent from my phone, so forgive what is mistyped here, version ${i % 8}.`;
  const file = survey(120, (i) => ({ text: textOf(i), notice: notice(i), channel: i % 2 ? 'post' : 'mail' }));
  expect(chosen(file).label).toBe('channel');
});

test('77 values are labels, but as many values as records are not', () => {
  const many = survey(385, (i) => ({ text: textOf(i), intent: `intent_${i % 77}`, user: `user ${i}` }));
  expect(chosen(many)).toEqual({ text: 'text', label: 'intent' });
  const unique = survey(385, (i) => ({ text: textOf(i), user: `user ${i}` }));
  expect(chosen(unique).label).toBeUndefined();
});

test('a field with a single value is not a label, and a field that records lack can be neither', () => {
  const file = survey(120, (i) => ({
    text: textOf(i),
    topic: 'garden',
    ...(i === 6 ? {} : { kind: `k${i % 2}` }),
    note: i === 9 ? null : textOf(i, 30),
  }));
  expect(chosen(file)).toEqual({ text: 'text', label: undefined });
  expect(file.fields.find(({ name }) => name === 'kind')?.lackingLine).toBe(7);
  expect(file.fields.find(({ name }) => name === 'note')?.lackingLine).toBe(10);
});

test('labels are counted in normalised form; rare ones and __proto__ are not proposed', () => {
  const labels = ['  Kauf   / Verkauf ', 'Kauf / Verkauf', '42', '42', '__proto__', 'constructor'];
  const file = survey(62, (i) => ({ text: textOf(i), label: i < 60 ? labels[i % 6] : 'mistyped' }));
  const field = file.fields.find(({ name }) => name === 'label')!;
  const { proposed, rare } = proposeLabels(field);
  expect(proposed).toEqual(['Kauf / Verkauf', '42', 'constructor']);
  expect(rare).toEqual(['mistyped']);
});

test('columns separated by semicolons with commas in the header and in texts are found', () => {
  const rows = Array.from({ length: 90 }, (_, i) => `"${textOf(i)}, ""so, so""";Thema ${i % 3};${i}`);
  const csv = ['\ufeffBeschreibung, lang;Thema;Ticket-Nr', ...rows].join('\r\n');
  const file = surveyFields({ bytes: Buffer.from(csv), source: 'Datei.CSV' });
  expect(chosen(file)).toEqual({ text: 'Beschreibung, lang', label: 'Thema' });
});

test('columns with an empty or repeated name can be neither', () => {
  const rows = Array.from({ length: 90 }, (_, i) => `${i},${textOf(i)},${textOf(i, 20)},a${i % 2},b${i % 2}`);
  const csv = [',text,text,kind,', ...rows].join('\n');
  const file = surveyFields({ bytes: Buffer.from(csv), source: 'file.csv' });
  expect(chosen(file)).toEqual({ text: undefined, label: 'kind' });
});

test('a file without a header line is recognised by its label', () => {
  const rows = Array.from({ length: 90 }, (_, i) => `${textOf(i)},a${i % 2}`);
  const file = surveyFields({ bytes: Buffer.from(rows.join('\n')), source: 'file.csv' });
  expect(file.fields.map(isRecord)).toEqual([false, true]);
});
