import { createServer } from 'node:net';
import { invalidConfig } from '../../schemas/errors.ts';

/**
 * Returns a free port of this machine: the requested one, else the usual one if it is free, else any.
 * Throws InvalidConfig if the requested port is taken.
 */
export async function choosePort(params: { asked?: number; usual: number; option: string }): Promise<number> {
  const { asked, usual, option } = params;
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw invalidConfig(
      `${option} ${asked} is used by another program. Choose another port, or leave the option out.`,
    );
  }
  return (await isFree(usual)) ? usual : anyFreePort();
}

async function isFree(port: number): Promise<boolean> {
  return (await tryPort(port)) !== null;
}

/** Returns a port of this machine that nothing listens on. */
export async function anyFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === null) throw new Error('No port of 127.0.0.1 is free.');
  return port;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}
