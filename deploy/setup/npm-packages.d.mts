/** Whether node_modules holds what package-lock.json names; optional packages may be missing. */
export declare function areNpmPackagesInstalled(root: string): Promise<boolean>;

/** Runs `npm ci` unless another process has just done so. */
export declare function installNpmPackages(root: string, progress: (what: string) => void): Promise<void>;
