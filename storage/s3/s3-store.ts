import type { Area } from '../../schemas/artifact.ts';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import { assertArtifactKey, badSegment } from '../artifact-path.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { createStore } from '../create-store.ts';
import { newestByFolder } from '../newest-by-folder.ts';
import { digestObject, readObject } from './download-object.ts';
import { listObjects, objectsWithTimes } from './list-objects.ts';
import { removeObjects } from './remove-objects.ts';
import { createS3Client } from './s3-client.ts';
import { formatS3Uri, type S3Location } from './s3-location.ts';
import { uploadObject } from './upload-object.ts';

/**
 * An artifact store in an S3 bucket: `<prefix>/private/<run>/...` and `<prefix>/release/<run>/...`. Who may
 * read which area is for the bucket's policy to say. Throws InvalidConfig for a prefix that artifacts
 * cannot stand below.
 */
export function createS3Store(location: S3Location): ArtifactStore {
  const { bucket, key: prefix } = location;
  const bad = prefix === '' ? undefined : badSegment(prefix);
  if (bad !== undefined)
    throw invalidConfig(
      `The store s3://${bucket}/${prefix} is refused because of ${JSON.stringify(bad)}: use letters, ` +
        'digits, dot, dash and underscore.',
    );
  const client = createS3Client(location);
  const base = prefix === '' ? '' : `${prefix}/`;
  const place = (area: Area, key: string) => {
    assertArtifactKey(key);
    return { client, bucket, key: `${base}${area}/${key}` };
  };

  /** Where an artifact is, or null for one that is not in this store. */
  const inside = (uri: string) => {
    const [, area, key] = /^(private|release)\/(.+)$/.exec(after(`s3://${bucket}/${base}`, uri)) ?? [];
    return key === undefined || badSegment(key) !== undefined ? null : place(area as Area, key);
  };

  const storeUri = formatS3Uri(location);
  return createStore({
    uri: storeUri,

    async write({ area, key, body, mediaType, replace }) {
      const object = place(area, key);
      const written = await uploadObject({ ...object, body, mediaType, replace });
      return { uri: `s3://${bucket}/${object.key}`, ...written };
    },

    async readUri(uri) {
      const object = inside(uri);
      if (object !== null) return readObject(object);
      throw new DpsynthError({
        type: ErrorType.StorageUnavailable,
        message: `${uri} is not in the store ${storeUri}. Use the store that the run was started with.`,
      });
    },

    async measureUri(uri) {
      const object = inside(uri);
      if (object === null) return null;
      return digestObject(object);
    },

    async readKey({ area, key }) {
      return readObject(place(area, key));
    },

    async list({ area, key }) {
      const object = place(area, key.replace(/\/$/, ''));
      const keys = await listObjects({ client, bucket, prefix: `${object.key}/` });
      return keys.map((found) => after(`${base}${area}/`, found));
    },

    async remove({ area, key }) {
      await removeObjects(place(area, key));
    },

    async folders({ area }) {
      const prefix = `${base}${area}/`;
      const found = await objectsWithTimes({ client, bucket, prefix });
      return newestByFolder(found.map(({ key, at }) => ({ key: after(prefix, key), at })));
    },
  });
}

/** What follows a prefix; nothing where the text does not begin with it. */
function after(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : '';
}
