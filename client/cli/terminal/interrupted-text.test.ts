import { expect, test } from 'vitest';
import { interruptedText } from './interrupted-text.ts';

const run = { what: 'Run', id: 'r', again: 'dpsynth run --resume r' } as const;

test('a run that ends with its server is kept in the home, and any next start there resumes it until it is cancelled', () => {
  const options = { local: true, home: '/h' };
  const text = interruptedText({ ...run, keptIn: '/h', options });
  expect(text).toMatch(/^Run r is kept in \/h\. `dpsynth run --resume r` resumes it, .*any other.* there\./);
  expect(text).toMatch(/`dpsynth cancel r --local --home \/h` cancels it\.$/);
});

test('a run that continues by itself is not said to be kept', () => {
  const text = interruptedText({ ...run, keptIn: null, options: {} });
  expect(text).toMatch(/^Run r continues\. .*\. `dpsynth cancel r` cancels it\.$/);
});
