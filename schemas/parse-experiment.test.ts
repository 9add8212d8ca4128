import { expect, test } from 'vitest';
import { ErrorType } from './errors.ts';
import { parseExperiment } from './parse-experiment.ts';

const DECOMPOSED = 'cafe\u0301';
const parse = (params: { labels: string[]; descriptions?: object; proportions?: object }) =>
  parseExperiment({
    corpus: { source: 'mail.csv', labels: params.labels },
    template: params.descriptions
      ? { form: 'chat', descriptions: params.descriptions }
      : { form: 'prefix', task: 'mail' },
    sampling: params.proportions ? { labels: params.proportions } : {},
  });
const refused = (params: Parameters<typeof parse>[0]) => {
  try {
    parse(params);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the experiment was taken');
};

test('labels, descriptions and proportions have the form in which records are compared', () => {
  const config = parse({
    labels: [DECOMPOSED, ' two\u00a0 words\n'],
    descriptions: { [DECOMPOSED]: 'a', 'two words': 'b' },
    proportions: { café: 1, 'two\twords ': 2 },
  });
  expect(config.corpus.labels).toEqual(['café', 'two words']);
  expect(config.template).toMatchObject({ descriptions: { café: 'a', 'two words': 'b' } });
  expect(config.sampling.labels).toEqual({ café: 1, 'two words': 2 });
});

test.each([
  ['labels', { labels: ['café', DECOMPOSED] }, 'corpus.labels names a label twice: café.'],
  ['labels', { labels: ['a b', 'a  b ', 'c'] }, 'corpus.labels names a label twice: a b.'],
  [
    'descriptions',
    { labels: ['café', 'b'], descriptions: { café: 'a', [DECOMPOSED]: 'a', b: 'b' } },
    'template.descriptions names a label twice: café.',
  ],
  ['labels', { labels: ['a', ' '] }, 'corpus.labels has an empty label, or one of white space only.'],
  ['labels', { labels: ['a', '__proto__'] }, '__proto__ cannot be a label'],
])('%s that are equal or empty then are refused: %j', (_, params, message) => {
  expect(refused(params)).toMatchObject({
    type: ErrorType.InvalidConfig,
    message: expect.stringContaining(message),
  });
});

test('case matters: labels that differ only in case are different', () => {
  expect(parse({ labels: ['Yes', 'yes'] }).corpus.labels).toEqual(['Yes', 'yes']);
});

const INHERITED = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'];

test.each(INHERITED)('a label %s needs a description and a proportion of its own', (label) => {
  expect(refused({ labels: [label, 'plain'], descriptions: { plain: 'a plain line' } }).message).toContain(
    `template.descriptions lacks ${label}.`,
  );
  const config = parse({ labels: [label, 'plain'], descriptions: { plain: 'p', [label]: 'own' } });
  expect(Object.entries((config.template as { descriptions: object }).descriptions)).toContainEqual([
    label,
    'own',
  ]);
});

test('a message about many labels names the first ones and the number of the others', () => {
  const labels = Array.from({ length: 1500 }, (_, i) => `label-${i}`);
  const { message } = refused({ labels, descriptions: {} });
  expect(message).toMatch(/lacks label-0, .*label-9 and 1490 more. Each label needs a description/);
  expect(message.length).toBeLessThan(300);
  expect(refused({ labels: [...labels, ...labels] }).message.length).toBeLessThan(300);
});

test('a message about many faults names the first ones and the number of the others', () => {
  const { message } = refused({ labels: Array.from({ length: 1500 }, (_, i) => `${i}${'x'.repeat(300)}`) });
  expect(message).toMatch(/corpus\.labels\[0\].*and 1480 more$/s);
  expect(message.length).toBeLessThan(4000);
});
