/**
 * Runs a command and keeps its output in `<cache>/logs/<log>.log`; `onLine` sees each line, and keeps one
 * out of it by returning true. Rejects with an Error that holds the last lines of that output and the path
 * of the log.
 */
export declare function runCommand(
  command: string,
  args: readonly string[],
  options: {
    log: string;
    cwd?: string;
    env?: Record<string, string>;
    onLine?: (line: string) => boolean;
    timeoutMs?: number;
  },
): Promise<void>;
