import { expect, it } from 'vitest';
import { renderDatasetCard } from './render-card.ts';
import { reportData } from './report.fixture.ts';

const dataFile = 'synthetic.parquet';

it('starts with a metadata header whose strings are quoted', () => {
  const base = reportData();
  const data = reportData({ config: { ...base.config, name: 'a: "b"\n---\nlicense: mit' } });
  const card = renderDatasetCard({ data, dataFile });
  const header = card.split('\n---\n')[0];
  expect(card.startsWith('---\npretty_name: ')).toBe(true);
  expect(header).toContain('pretty_name: "a: \\"b\\"\\n---\\nlicense: mit (synthetic)"');
  expect(header).toContain('license: "unknown"');
  expect(header).toContain('path: "synthetic.parquet"');
  expect(header).toContain('- n<1K');
  expect(header).toContain('- differential-privacy');
});

it('states privacy and the limits', () => {
  const card = renderDatasetCard({ data: reportData(), dataFile });
  expect(card).toContain('differentially private for one added or removed record');
  expect(card).toContain('Pretraining of the language model');
  expect(card).toContain('noise multiplier 0.7123');
});

it('contains only what may be published, even when made from private data', () => {
  const card = renderDatasetCard({ data: reportData({ version: 'private' }), dataFile });
  expect(card).toContain('0.724');
  for (const mark of ['0.955', '2.781', '/private/', '277']) expect(card).not.toContain(mark);
  const base = reportData();
  const closed = { ...base.config, corpus: { ...base.config.corpus, testSetIsPublic: false } };
  expect(renderDatasetCard({ data: reportData({ config: closed }), dataFile })).not.toContain('0.724');
});

it('prevents any text from breaking out of a table, a line or the block of examples', () => {
  const data = reportData({
    statement: { line: 'x', long: '<img src=x>', facts: [['a|b', 'c\nd']] },
    samples: { synthetic: [{ label: 'ham', text: '```\n# heading <script>' }], zeroShot: [] },
  });
  const card = renderDatasetCard({ data, dataFile });
  expect(card).toContain('| a\\|b | c d |');
  expect(card).toContain('&lt;img src=x&gt;');
  expect(card).toContain('````json\n{"text"'.replace('{"text"', '{"label":"ham","text":"```\\n'));
});

it('does not call a run without epsilon private', () => {
  const base = reportData();
  const data = reportData({
    config: { ...base.config, privacy: { ...base.config.privacy, epsilon: 'none' } },
  });
  const card = renderDatasetCard({ data, dataFile });
  expect(card).not.toContain('- differential-privacy');
  expect(card).toContain('without differential privacy');
});
