import type { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { toFailure } from './to-failure.ts';

async function failureOf(
  error: unknown,
  info: { attempt?: number; isLocal?: boolean } = {},
): Promise<ApplicationFailure> {
  const env = new MockActivityEnvironment(info);
  return (await env.run(async () => toFailure(error))) as ApplicationFailure;
}

describe('toFailure', () => {
  it('waits longer each time for an unavailable store', async () => {
    const away = new DpsynthError({ type: ErrorType.StorageUnavailable, message: 'Nobody answers.' });
    const delays = [1, 2, 3, 4, 9].map(
      async (attempt) => (await failureOf(away, { attempt })).nextRetryDelay,
    );
    expect(await Promise.all(delays)).toEqual([
      '10 seconds',
      '20 seconds',
      '40 seconds',
      '80 seconds',
      '80 seconds',
    ]);
  });

  it('leaves other errors to the retry policy, and never retries what cannot change', async () => {
    const crash = new DpsynthError({ type: ErrorType.NativeCrash, message: 'It ended.' });
    expect(await failureOf(crash)).toMatchObject({ nonRetryable: false, nextRetryDelay: undefined });
    const wrong = new DpsynthError({ type: ErrorType.InvalidConfig, message: 'No such label.' });
    expect(await failureOf(wrong)).toMatchObject({ nonRetryable: true, type: 'InvalidConfig' });
  });

  it('reveals nothing of an error that may quote a record', async () => {
    const { type, message } = await failureOf(new TypeError('cannot parse "the patient is Ann"'));
    expect(type).toBe('Unexpected');
    expect(message).not.toContain('Ann');
  });
});
