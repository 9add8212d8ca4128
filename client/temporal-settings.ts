import { existsSync } from 'node:fs';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { invalidConfig } from '../schemas/errors.ts';

/**
 * Reads the settings of Temporal from the environment and from temporal.toml. Throws InvalidConfig if they
 * name a file that cannot be read, or a profile that does not exist.
 */
export function temporalSettings(): ClientConnectConfig {
  const file = process.env.TEMPORAL_CONFIG_FILE;
  if (file && !existsSync(file)) throw invalidConfig(`TEMPORAL_CONFIG_FILE: there is no file ${file}.`);
  try {
    return loadClientConnectConfig();
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined)
      throw invalidConfig(
        `The settings of Temporal name the file ${path}, which cannot be read (${code}). Correct TEMPORAL_TLS_CLIENT_CERT_PATH, ` +
          'TEMPORAL_TLS_CLIENT_KEY_PATH, TEMPORAL_TLS_SERVER_CA_CERT_PATH or temporal.toml.',
      );
    throw invalidConfig(`The settings of Temporal are not valid: ${message}.`);
  }
}
