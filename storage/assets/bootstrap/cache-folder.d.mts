/** `${XDG_CACHE_HOME:-~/.cache}/dpsynth`: downloads and builds, shared by all checkouts, safe to delete. */
export declare function cacheFolder(): string;

/**
 * Runs `use` with a new folder on the cache's own disk (so that a rename out of it is atomic),
 * then removes it.
 */
export declare function withWorkFolder<T>(use: (folder: string) => Promise<T>): Promise<T>;

/**
 * Moves a finished folder to its place. Where another process was first, its result stays and
 * ours is dropped.
 */
export declare function publishFolder(from: string, to: string): Promise<void>;

/** Runs `use` while holding a named lock; `onWait` is called once if another process holds it. */
export declare function withLock<T>(
  name: string,
  onWait: (() => void) | undefined,
  use: () => Promise<T>,
): Promise<T>;
