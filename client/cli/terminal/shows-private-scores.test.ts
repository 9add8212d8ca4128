import { expect, test } from 'vitest';
import { showsPrivateScores } from './shows-private-scores.ts';

const terminal = { isTTY: true };
const pipe = {};

test('private scores are shown on a terminal, and elsewhere only on request', () => {
  expect(showsPrivateScores({}, terminal)).toBe(true);
  expect(showsPrivateScores({}, pipe)).toBe(false);
  // A terminal too has a log: that of what runs the command.
  expect(showsPrivateScores({ json: true }, terminal)).toBe(false);
  expect(showsPrivateScores({ json: true }, pipe)).toBe(false);
  expect(showsPrivateScores({ json: true, privateScores: true }, pipe)).toBe(true);
  expect(showsPrivateScores({ privateScores: true }, pipe)).toBe(true);
});
