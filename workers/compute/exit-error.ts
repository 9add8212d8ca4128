import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

const MEMORY =
  /std::bad_alloc|JavaScript heap out of memory|OOM when allocating|Array buffer allocation failed/;

/** Explains why a child process exited without a result. */
export function exitError(params: {
  kind: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The end of the child's standard error. It is read, never quoted. */
  tail: string;
  /** Whether the kernel killed a process for lack of memory while the child ran. */
  killedForMemory: boolean;
  log: string | undefined;
}): DpsynthError {
  const { kind, code, signal, tail, killedForMemory } = params;
  const log = params.log === undefined ? '' : ` The end of its output is in ${params.log}.`;
  // A bare SIGKILL is retried as a crash. It counts as lack of memory only if the kernel or the container
  // runtime (137) reports that.
  if (code === 137 || (signal === 'SIGKILL' && killedForMemory) || MEMORY.test(tail))
    return new DpsynthError({
      type: ErrorType.OutOfMemory,
      message:
        `The ${kind} job ran out of memory. Give it a smaller batch, or a machine with more ` +
        `memory.${log}`,
    });
  const end = signal === null ? `exited with ${code} and without a result` : `was ended by ${signal}`;
  return new DpsynthError({
    type: ErrorType.NativeCrash,
    message: `The process of the ${kind} job ${end}. A retry resumes from its last checkpoint.${log}`,
  });
}
