import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { runLayout } from '../schemas/run-layout.ts';
import type { ArtifactStore, Reference } from './artifact-store.ts';
import { sha256 } from './digest.ts';
import { JSON_MEDIA_TYPE, jsonText, parseJson, tryParseJson } from './json.ts';
import type { Measured, StoreBackend } from './store-backend.ts';
import { keyedDigest, openStoreSecret } from './store-secret.ts';

/**
 * An artifact store on a kind of storage: references with keyed digests, and every read checked against them.
 */
export function createStore(backend: StoreBackend): ArtifactStore {
  let opening: Promise<Buffer> | undefined;
  const secret = async () => {
    opening ??= openStoreSecret(backend);
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const digestOf = async (content: string) =>
    keyedDigest(await secret(), { purpose: 'artifact', text: content });
  const isOf = async (ref: Reference, { sha256 }: Pick<Measured, 'sha256'>) =>
    'sha256' in ref ? ref.sha256 === sha256 : ref.keyedDigest === (await digestOf(sha256));

  const store: ArtifactStore = {
    uri: backend.uri,
    readKey: backend.readKey,
    list: backend.list,
    remove: backend.remove,
    folders: backend.folders,

    async put(params) {
      const written = await backend.write(params);
      return {
        uri: written.uri,
        keyedDigest: await digestOf(written.sha256),
        mediaType: params.mediaType,
      };
    },

    putJson({ value, indented, ...params }) {
      return store.put({ ...params, body: jsonText(value, { indented }), mediaType: JSON_MEDIA_TYPE });
    },

    async read(ref) {
      const bytes = await backend.readUri(ref.uri);
      if (bytes === null) throw missing(ref);
      if (!(await isOf(ref, { sha256: sha256(bytes) }))) throw changed(ref);
      return bytes;
    },

    async readJson(ref, schema) {
      return parseJson({ bytes: await store.read(ref), schema, where: ref.uri });
    },

    async readKeyJson({ area, key }, schema) {
      const bytes = await backend.readKey({ area, key });
      return bytes === null ? null : parseJson({ bytes, schema, where: `${area}/${key}` });
    },

    async findKeyJson({ area, key }, schema) {
      const bytes = await backend.readKey({ area, key });
      return bytes === null ? null : tryParseJson({ bytes, schema, where: `${area}/${key}` });
    },

    async holds(ref) {
      try {
        const measured = await backend.measureUri(ref.uri);
        return measured !== null && (await isOf(ref, measured));
      } catch (error) {
        if (error instanceof DpsynthError && error.type === ErrorType.ArtifactCorrupt) return false;
        throw error;
      }
    },

    async describe(ref, { rows } = {}) {
      const measured = await backend.measureUri(ref.uri);
      if (measured === null) throw missing(ref);
      if (!(await isOf(ref, measured))) throw changed(ref);
      const { sha256, bytes } = measured;
      return {
        uri: ref.uri,
        sha256,
        bytes,
        mediaType: ref.mediaType,
        ...(rows === undefined ? {} : { rows }),
      };
    },

    async keyedDigest(params) {
      return keyedDigest(await secret(), params);
    },

    async commitManifest(manifest) {
      const place = runLayout(manifest.run).manifest[manifest.area];
      return store.putJson({ ...place, value: manifest, indented: true, replace: true });
    },
  };
  return store;
}

function missing({ uri }: Reference): DpsynthError {
  return new DpsynthError({
    type: ErrorType.StorageUnavailable,
    message: `${uri} is not there. Was the store moved or cleaned? Bring it back, or start a new run.`,
  });
}

function changed({ uri }: Reference): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `${uri} is not what was written: its digest differs. Start a new run.`,
  });
}
