/** The types of all errors that cross a process boundary, for retry policies and people alike. */
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

/** Errors that a retry with the same input cannot fix. They fail at once. */
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
 * An error for people to read: its message says what was wrong, where, and what to do. It never contains
 * private text, because messages end up in logs and in workflow history.
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

/** The error of a request that the policy of the store does not allow. */
export function policyViolation(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.PolicyViolation, message });
}

export function invalidData(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.InvalidData, message });
}
