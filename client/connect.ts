import { Client, Connection } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { temporalSettings } from './temporal-settings.ts';

export type Connected = { client: Client; address: string; namespace: string; close: () => Promise<void> };

/**
 * Connects to Temporal with the settings that `temporal` itself reads: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
 * TEMPORAL_API_KEY, TLS files and profiles of temporal.toml. With `address` it ignores them and connects to a
 * plain server there.
 * Throws TemporalUnavailable if nothing answers within `timeoutMs` (default 5000), InvalidConfig if settings
 * cannot be read.
 */
export async function connect(params: { address?: string; timeoutMs?: number } = {}): Promise<Connected> {
  const settings: ClientConnectConfig =
    params.address === undefined ? temporalSettings() : { connectionOptions: {} };
  const address = params.address ?? settings.connectionOptions.address ?? 'localhost:7233';
  const namespace = settings.namespace ?? 'default';
  try {
    const connection = await Connection.connect({
      ...settings.connectionOptions,
      address,
      connectTimeout: params.timeoutMs ?? 5000,
    });
    const client = new Client({ connection, namespace });
    return { client, address, namespace, close: () => connection.close() };
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.TemporalUnavailable,
      message: `No Temporal server answers at ${address}. Set TEMPORAL_ADDRESS to the address of a server, or add --local to use the embedded one.${
        settings.connectionOptions.tls
          ? ' The connection uses TLS. If the server is running, check the certificates and the key.'
          : ''
      }`,
      cause,
    });
  }
}
