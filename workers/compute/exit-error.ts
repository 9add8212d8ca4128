import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

const MEMORY =
  /std::bad_alloc|JavaScript heap out of memory|OOM when allocating|Array buffer allocation failed/;

/** Says why a child ended without an answer. */
export function exitError(params: {
  kind: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error; it is read, never quoted. */
  tail: string;
  /** The kernel has killed a process for memory while the child ran. */
  killedForMemory: boolean;
  log: string | undefined;
}): DpsynthError {
  const { kind, code, signal, tail, killedForMemory } = params;
  const log = params.log === undefined ? '' : ` The end of its output is in ${params.log}.`;
  // A bare SIGKILL is retried as a crash: memory is to blame only where the kernel or the container runtime (137) says so.
  if (code === 137 || (signal === 'SIGKILL' && killedForMemory) || MEMORY.test(tail))
    return new DpsynthError({
      type: ErrorType.OutOfMemory,
      message: `The ${kind} job ran out of memory. Give it a smaller batch, or a machine with more memory.${log}`,
    });
  const end = signal === null ? `exited with ${code} and no answer` : `was ended by ${signal}`;
  return new DpsynthError({
    type: ErrorType.NativeCrash,
    message: `The process of the ${kind} job ${end}. It goes on from its last checkpoint when tried again.${log}`,
  });
}
