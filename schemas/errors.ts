/**
 * The types of every error that crosses a process: one const, so that retry policies and people name
 * the same thing.
 */
export const ErrorType = {
  InvalidConfig: 'InvalidConfig',
  InvalidData: 'InvalidData',
  BudgetExceeded: 'BudgetExceeded',
  PolicyViolation: 'PolicyViolation',
  AssetUnavailable: 'AssetUnavailable',
  ArtifactCorrupt: 'ArtifactCorrupt',
  StorageFull: 'StorageFull',
  StorageUnavailable: 'StorageUnavailable',
  TemporalUnavailable: 'TemporalUnavailable',
  GpuUnavailable: 'GpuUnavailable',
  OutOfMemory: 'OutOfMemory',
  NativeCrash: 'NativeCrash',
  NoProgress: 'NoProgress',
  Interrupted: 'Interrupted',
  NumericalFailure: 'NumericalFailure',
  DeadAdapter: 'DeadAdapter',
  VariantsFailed: 'VariantsFailed',
  Unexpected: 'Unexpected',
} as const;

export type ErrorType = (typeof ErrorType)[keyof typeof ErrorType];

/** What a second attempt with the same input cannot cure: refused at once instead of retried. */
export const NON_RETRYABLE_ERROR_TYPES: readonly ErrorType[] = [
  ErrorType.InvalidConfig,
  ErrorType.InvalidData,
  ErrorType.BudgetExceeded,
  ErrorType.PolicyViolation,
  ErrorType.ArtifactCorrupt,
  ErrorType.DeadAdapter,
  ErrorType.NumericalFailure,
];

/**
 * An error that a person is meant to read: the message says what was wrong, where, and what to do.
 * It never holds private text: messages end in logs and in workflow history.
 */
export class DpsynthError extends Error {
  readonly type: ErrorType;

  constructor(params: { type: ErrorType; message: string; cause?: unknown }) {
    super(params.message, params.cause === undefined ? undefined : { cause: params.cause });
    this.name = 'DpsynthError';
    this.type = params.type;
  }
}

export function invalidConfig(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.InvalidConfig, message });
}

/** What the policy of the store does not allow, whoever asks. */
export function policyViolation(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.PolicyViolation, message });
}

export function invalidData(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.InvalidData, message });
}
