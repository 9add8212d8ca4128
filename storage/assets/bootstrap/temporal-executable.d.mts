/** The release of Temporal's command line tool, which holds the server and its UI. */
export declare const TEMPORAL_VERSION: string;

/** Where the set-up puts the server that it downloaded or built. */
export declare function cachedTemporalPath(): string;

/**
 * The Temporal server to start: a `temporal` on PATH, else the one that the set-up put into the
 * cache, else undefined.
 */
export declare function findTemporalExecutable(): string | undefined;

/** The first executable file of that name on PATH. */
export declare function findOnPath(name: string): string | undefined;
