import { mkdir, statfs } from 'node:fs/promises';
import { cacheFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';

/**
 * Throws if the disk of the cache has less than `neededBytes` free for `what`. The message says what to do.
 */
export async function assertFreeDisk(what, neededBytes) {
  await mkdir(cacheFolder(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheFolder());
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new Error(
    `${cacheFolder()} has ${gigabytes(free)} GB free, but ${what} needs ${gigabytes(neededBytes)} GB while it is ` +
      'unpacked. Free some space, or set XDG_CACHE_HOME to a folder on another disk.',
  );
}

function gigabytes(bytes) {
  return (bytes / 1e9).toFixed(1);
}
