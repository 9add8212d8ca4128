/**
 * Returns the folder of the build against the CUDA wheels, which is named by all versions and digests in it.
 */
export declare function gpuFolder(root: string, wheels?: readonly { sha256: string }[]): Promise<string>;
