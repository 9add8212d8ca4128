import type { Manifest } from '../schemas/artifact.ts';

/** A manifest as a store puts it: `<run>/manifest.json`, of which a later attempt may write a newer one. */
export function manifestArtifact(manifest: Manifest) {
  return {
    area: manifest.area,
    key: `${manifest.run}/manifest.json`,
    body: `${JSON.stringify(manifest, null, 2)}\n`,
    mediaType: 'application/json',
    replace: true,
  };
}
