// Plain JavaScript, because the set-up uses it before any npm package (tsx among them) is installed.
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onInterrupt } from './interrupt.mjs';

const LOCK_BEAT_MS = 5_000;
const STALE_LOCK_MS = 60_000;
const STALE_WORK_MS = 24 * 3_600_000;
/** What a process that is being killed has started may still write for a moment: hence the retries. */
const REMOVE_FOLDER = { recursive: true, force: true, maxRetries: 10 };

export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dpsynth');
}

export async function withWorkFolder(use) {
  const work = join(cacheFolder(), 'work');
  await mkdir(work, { recursive: true });
  await removeAbandoned(work);
  const folder = await mkdtemp(join(work, `${hostname()}+${process.pid}+`));
  const remove = () => rm(folder, REMOVE_FOLDER);
  const done = onInterrupt(remove);
  try {
    return await use(folder);
  } finally {
    await remove();
    done();
  }
}

export async function publishFolder(from, to) {
  await mkdir(join(to, '..'), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

/**
 * The lock only saves double work: what two holders publish stays whole. Its holder touches it; one that was
 * not touched for a minute belongs to a process that died, and is taken over.
 */
export async function withLock(name, onWait, use) {
  const locks = join(cacheFolder(), 'locks');
  await mkdir(locks, { recursive: true });
  const path = join(locks, `${name}.lock`);
  for (let told = false; !(await tryLock(path)); told = true) {
    if (!told) onWait?.();
    await sleep(250);
  }
  const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), LOCK_BEAT_MS);
  const release = () => rm(path, { force: true });
  const done = onInterrupt(release);
  try {
    return await use();
  } finally {
    clearInterval(beat);
    await release();
    done();
  }
}

async function tryLock(path) {
  try {
    const file = await open(path, 'wx');
    await file.close();
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const held = await stat(path).catch(() => undefined);
  if (held && Date.now() - held.mtimeMs > STALE_LOCK_MS) await rm(path, { force: true });
  return false;
}

/**
 * Work folders of processes that were killed. Of another host (a shared home) nothing is known:
 * those age first.
 */
async function removeAbandoned(work) {
  for (const name of await readdir(work)) {
    const [host, pid] = name.split('+');
    const path = join(work, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0);
    const abandoned = host === hostname() ? !isAlive(Number(pid)) : age > STALE_WORK_MS;
    if (abandoned) await rm(path, REMOVE_FOLDER);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
