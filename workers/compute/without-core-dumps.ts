// Sets an empty filter in addition to the limit: a kernel that pipes core dumps to a program ignores the
// limit, and then sends no memory.
const SCRIPT = 'ulimit -c 0; { echo 0 > /proc/self/coredump_filter; } 2> /dev/null; exec "$0" "$@"';

/**
 * Options of `fork` for a child that never leaves a core dump, with Node's own arguments in `execArgv`. A
 * dump would write the child's memory, including private records and the run key, to a disk outside the
 * store. Node cannot set resource limits, so a shell lowers them and then becomes Node. The process id,
 * signals, the exit code and the message channel are those of a plain fork.
 */
export function withoutCoreDumps({ execArgv }: { execArgv: readonly string[] }): {
  execPath: string;
  execArgv: string[];
} {
  return { execPath: '/bin/sh', execArgv: ['-c', SCRIPT, process.execPath, ...execArgv] };
}
