/** Whether node_modules contains the packages of package-lock.json. Optional packages may be missing. */
export declare function areNpmPackagesInstalled(root: string): Promise<boolean>;

/** Runs `npm ci` unless another process has just done so. */
export declare function installNpmPackages(root: string, progress: (what: string) => void): Promise<void>;
