import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { runCli } from './cli.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-init-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const SECRET = 'zanzibar';
const COLOURS = ['red', 'green', 'blue', 'white', 'black'];
const text = (i: number) => `the ${COLOURS[i % 5]} ${SECRET} lamp of order ${i} came ${i % 7} days late`;
const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i));
const jsonl = (count: number, row: (i: number) => object) =>
  rows(count, (i) => JSON.stringify(row(i))).join('\n');

const review = (i: number) => ({
  split: i % 5 ? 'train' : 'test',
  title: `order ${i} late`,
  review: text(i),
  'is class': i % 2 === 0,
});

type Case = {
  name: string;
  file: string;
  content: string | Buffer;
  args?: string[];
  textField: string;
  labelField: string;
  labels: string[];
};

const ODD_LABELS = [' Kauf ,  Verkauf', 'a | b', '50 %; "so"'];
const INTENTS = rows(77, (i) => `card_problem_${i}`);

const cases: Case[] = [
  {
    name: 'German headers, semicolons, commas in texts, a byte order mark',
    file: 'Anfragen.csv',
    content: [
      '\ufeffTicket-Nr;Beschreibung der Anfrage;Thema;Sprache',
      ...rows(120, (i) => `${i};"${text(i)}, ""so, so""; danke";${['Größe', 'Rückgabe'][i % 2]};de`),
    ].join('\r\n'),
    textField: 'Beschreibung der Anfrage',
    labelField: 'Thema',
    labels: ['Größe', 'Rückgabe'],
  },
  {
    name: '77 labels beside an id',
    file: 'intents.jsonl',
    content: jsonl(462, (i) => ({ id: `id-${i}`, utterance: text(i), intent: INTENTS[i % 77] })),
    textField: 'utterance',
    labelField: 'intent',
    labels: INTENTS,
  },
  {
    name: 'ids as labels, and fields that are asked for',
    file: 'classes.tsv',
    content: [
      'subject\tbody\tgroup',
      ...rows(120, (i) => `${text(i)} and more of it\t${text(i)}\t${[1017, 42, 7][i % 3]}`),
    ].join('\n'),
    args: ['--text', 'body', '--label', 'group'],
    textField: 'body',
    labelField: 'group',
    labels: ['1017', '42', '7'],
  },
  {
    name: 'labels with spaces around punctuation, one of them rare',
    file: 'odd labels.csv',
    content: [
      'label,text',
      ...rows(122, (i) => `"${i >= 120 ? 'typo' : ODD_LABELS[i % 3].replaceAll('"', '""')}","${text(i)}"`),
    ].join('\n'),
    textField: 'text',
    labelField: 'label',
    labels: ['Kauf , Verkauf', 'a | b', '50 %; "so"'],
  },
  {
    name: 'UTF-16, booleans beside other fields that divide the records',
    file: 'reviews.jsonl',
    content: Buffer.from(`\ufeff${jsonl(120, review)}`, 'utf16le'),
    textField: 'review',
    labelField: 'is class',
    labels: ['true', 'false'],
  },
];

describe.each(cases)('$name', ({ file, content, args = [], textField, labelField, labels }) => {
  test('init writes an experiment that plans, and a page that explains it', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, file), content);
    const options = { cwd: folder };
    const made = await runCli(['init', file, '--yes', '--json', '--minutes', '5', ...args], options);
    expect(made.stderr).toBe('');
    const { config, guide } = made.json() as { config: string; guide: string };
    expect(config).toBe(`${file}.experiment.json`);
    const experiment = parseExperiment(JSON.parse(await readFile(join(folder, config), 'utf8')));
    expect(experiment.corpus).toMatchObject({ textField, labelField });
    expect(experiment.corpus.labels.toSorted()).toEqual(labels.toSorted());

    const page = await readFile(join(folder, guide), 'utf8');
    expect(page).toContain('npx dpsynth plan');
    expect(page).not.toContain(SECRET);

    // From another folder: the path of the corpus does not depend on it.
    const plan = await runCli(['plan', join(folder, config), '--json'], { cwd: tmpdir() });
    expect(plan.code).toBe(0);
    const { cost, testRecords } = plan.json() as { cost: { minutes: number }; testRecords: number };
    expect(cost.minutes).toBeLessThanOrEqual(labels.length > 10 ? 10 : 5);
    expect(testRecords).toBeGreaterThan(0);
  });
});

test('at a terminal of nobody, one line says which options are needed', async () => {
  const { code, stderr, stdout } = await runCli(['init', 'any.csv'], { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/--yes.*--text.*--label/);
});

test('files that exist are kept unless --force is given', async () => {
  const csv = ['text,label', ...rows(120, (i) => `${text(i)},l${i % 2}`)].join('\n');
  await writeFile(join(folder, 'kept.csv'), csv);
  await writeFile(join(folder, 'mine.md'), 'mine');
  const args = ['init', 'kept.csv', '--yes', '--out', 'mine.json'];
  const refused = await runCli(args, { cwd: folder });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('mine.md already exists');
  expect(await readFile(join(folder, 'mine.md'), 'utf8')).toBe('mine');
  const forced = await runCli([...args, '--force'], { cwd: folder });
  expect(forced.code).toBe(0);
  expect(forced.stdout).toMatch(/2 labels are declared, which makes them public/);
  expect(forced.stdout).toMatch(/verdict +\w+: .*\n +noise to signal/);
  expect(forced.stdout.trimEnd()).toMatch(
    /npx dpsynth plan mine\.json\n +npx dpsynth run mine\.json --local$/,
  );
});

const lines = rows(120, (i) =>
  JSON.stringify({ text: text(i), [`${SECRET} field`]: `${SECRET} ${i % 2}`, topic: i === 41 ? null : 'x' }),
);

const broken: [name: string, file: string, content: string, args: string[], says: RegExp][] = [
  ['a field that is not there', 'b.jsonl', lines.join('\n'), ['--text', 'body'], /has no field body/],
  [
    'a field that a record lacks',
    'b.jsonl',
    lines.join('\n'),
    ['--label', 'topic'],
    /line 42: the field "topic"/,
  ],
  ['broken JSON', 'b.jsonl', `${lines.join('\n')}\n{"text":`, [], /line 121 is not valid JSON/],
  [
    'no header line',
    'b.csv',
    rows(120, (i) => `"${text(i)}",${SECRET}${i % 2}`).join('\n'),
    [],
    /first line looks like a record/,
  ],
  [
    'no text',
    'b.csv',
    ['a,b', ...rows(120, (i) => `${i % 3},${i % 2}`)].join('\n'),
    [],
    /no field can be the text/,
  ],
  [
    'one label',
    'b.csv',
    ['a,b', ...rows(120, (i) => `${text(i)},${SECRET}`)].join('\n'),
    [],
    /no field can be the label/,
  ],
  ['one column', 'b.csv', ['text', ...rows(120, text)].join('\n'), [], /only one column/],
  [
    'too few records',
    'b.csv',
    ['a,b', ...rows(20, (i) => `${text(i)},l${i % 2}`)].join('\n'),
    [],
    /too few training records/,
  ],
  ['another kind of file', 'b.txt', text(1), [], /Give a \.csv, \.tsv or \.jsonl file/],
];

test.each(broken)(
  '%s is refused in one line without private text, and nothing is written',
  async (_, file, content, args, says) => {
    await writeFile(join(folder, file), content);
    const out = 'never.json';
    const { code, stdout, stderr } = await runCli(['init', file, '--yes', '--json', '--out', out, ...args], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toContain(SECRET);
    await expect(readFile(join(folder, out))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
