/** Where the build against the CUDA wheels is kept: a place named by every version and digest that went into it. */
export declare function gpuFolder(root: string, wheels?: readonly { sha256: string }[]): Promise<string>;
