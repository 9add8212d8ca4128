import { expect, test } from 'vitest';
import { interruptedText } from './interrupted-text.ts';

const run = { what: 'Run', id: 'r', again: 'dpsynth run --resume r' } as const;

test('what ends with its server is kept in the home, and any next start there goes on with it until it is cancelled', () => {
  const options = { local: true, home: '/h' };
  const text = interruptedText({ ...run, keptIn: '/h', options });
  expect(text).toMatch(
    /^Run r is kept in \/h\. `dpsynth run --resume r` goes on with it, .*any other.* there\./,
  );
  expect(text).toMatch(/`dpsynth cancel r --local --home \/h` ends it\.$/);
});

test('what goes on by itself is not said to be kept', () => {
  const text = interruptedText({ ...run, keptIn: null, options: {} });
  expect(text).toMatch(/^Run r goes on\. .*; `dpsynth cancel r` ends it\.$/);
});
