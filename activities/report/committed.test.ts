import { expect, it } from 'vitest';
import { ARTIFACTS, type Committed, PAGES, placeOf } from './committed.ts';

const table: readonly Committed<never>[] = [...ARTIFACTS, ...PAGES];

/** Name, file and area of every entry that can be in an area; null for what is there already. */
const inArea = (area: 'private' | 'release') =>
  table
    .filter((entry) => entry.area === area || entry.area === 'corpus')
    .map((entry) => [entry.name, 'file' in entry ? placeOf('run', entry.file, area) : null]);

const at = (area: string, key: string) => ({ area, key: `run/${key}` });

it('lists what may ever be published, and under which name', () => {
  expect(inArea('release')).toEqual([
    ['synthetic', at('release', 'synthetic.jsonl')],
    ['synthetic-parquet', at('release', 'synthetic.parquet')],
    ['zero-shot', at('release', 'zero-shot.jsonl')],
    ['adapter', at('release', 'adapter.safetensors')],
    ['statement', at('release', 'statement.json')],
    ['report', at('release', 'report.html')],
    ['card', at('release', 'README.md')],
  ]);
});

it('lists what stays in the private area', () => {
  expect(inArea('private')).toEqual([
    ['train', null],
    ['test', null],
    ['synthetic', at('private', 'synthetic.jsonl')],
    ['synthetic-parquet', at('private', 'synthetic.parquet')],
    ['zero-shot', at('private', 'zero-shot.jsonl')],
    ['scores', at('private', 'scores.json')],
    ['diagnostics', null],
    ['tuning', at('private', 'tuning/summary.json')],
    ['proxies', at('private', 'proxies.json')],
    ['adapter', null],
    ['report-data', at('private', 'report-data.json')],
    ['report', at('private', 'report.html')],
  ]);
});

it('publishes nothing of a run that is not released but the statement that it has no privacy', () => {
  const made = { isReleased: false, ran: {}, zeroShot: {}, input: { finetuned: {} } } as never;
  const published = table.filter(({ area, when }) => area === 'release' && (when?.(made) ?? true));
  expect(published.map(({ name }) => name)).toEqual(['statement']);
});
