import { createHmac, randomBytes } from 'node:crypto';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import type { StoreBackend } from './store-backend.ts';

/** No run can have this name: `@` is not allowed in one. */
const PLACE = { area: 'private', key: 'store@1/secret.key' } as const;
const BYTES = 32;

/**
 * The secret of a store, made by whoever needs it first and never changed: references of earlier runs hang on
 * it. It stays in the private area and is in no payload, log or message.
 */
export async function openStoreSecret(backend: StoreBackend): Promise<Buffer> {
  const found = await backend.readKey(PLACE);
  if (found !== null) return checked(backend, found);
  const made = randomBytes(BYTES);
  try {
    await backend.write({ ...PLACE, body: made, mediaType: 'application/octet-stream' });
    return made;
  } catch (error) {
    // Another process was first.
    const theirs = error instanceof DpsynthError ? await backend.readKey(PLACE) : null;
    if (theirs === null) throw error;
    return checked(backend, theirs);
  }
}

/** HMAC-SHA256 of a text for one purpose, as hex. */
export function keyedDigest(
  secret: Uint8Array,
  { purpose, text }: { purpose: string; text: string },
): string {
  return createHmac('sha256', secret).update(`${purpose}\0${text}`).digest('hex');
}

function checked({ uri }: StoreBackend, secret: Buffer): Buffer {
  if (secret.length === BYTES) return secret;
  throw new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message:
      `private/${PLACE.key} of the store ${uri} is not the secret of a store. Bring it back from a ` +
      'backup: the references of all runs hang on it.',
  });
}
