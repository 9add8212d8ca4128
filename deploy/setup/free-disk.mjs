import { mkdir, statfs } from 'node:fs/promises';
import { cacheFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';

/** Throws, with what to do, where the cache's disk has less than `neededBytes` free for `what`. */
export async function assertFreeDisk(what, neededBytes) {
  await mkdir(cacheFolder(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheFolder());
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new Error(
    `${cacheFolder()} has ${gigabytes(free)} GB free and ${what} takes ${gigabytes(neededBytes)} GB while it is ` +
      'unpacked: free some, or set XDG_CACHE_HOME to a folder on another disk.',
  );
}

function gigabytes(bytes) {
  return (bytes / 1e9).toFixed(1);
}
