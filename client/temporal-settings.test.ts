import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from './connect.ts';

beforeEach(() => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'localhost:1');
});
afterEach(() => vi.unstubAllEnvs());

test.each([
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'name the file /nowhere/file.pem, which cannot be read (ENOENT)'],
  ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'name the file /nowhere/file.pem, which cannot be read (ENOENT)'],
  ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'name the file /nowhere/file.pem, which cannot be read (ENOENT)'],
  ['TEMPORAL_CONFIG_FILE', 'TEMPORAL_CONFIG_FILE: there is no file /nowhere/file.pem'],
  ['TEMPORAL_PROFILE', 'The settings of Temporal are not valid: Profile'],
])('a mistake in %s is a mistake in the settings, not a server that is away', async (name, message) => {
  vi.stubEnv(name, '/nowhere/file.pem');
  await expect(connect({ timeoutMs: 100 })).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining(message),
  });
});

test('without one, a server that does not answer is away', async () => {
  await expect(connect({ timeoutMs: 100 })).rejects.toMatchObject({ type: 'TemporalUnavailable' });
});
