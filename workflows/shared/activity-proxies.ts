import { proxyActivities } from '@temporalio/workflow';
import type { ControlActivities, CpuActivities, GpuActivities } from '../../activities/index.ts';
import { ErrorType, NON_RETRYABLE_ERROR_TYPES } from '../../schemas/errors.ts';
import { TaskQueue } from '../../schemas/names.ts';

// Bounded: an error that persists for five attempts is shown to a person.
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 5,
  nonRetryableErrorTypes: [...NON_RETRYABLE_ERROR_TYPES],
};

// A cancelled run waits until its compute children have stopped.
const common = { heartbeatTimeout: '30 seconds', cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;

export const control = proxyActivities<ControlActivities>({
  ...common,
  taskQueue: TaskQueue.control,
  startToCloseTimeout: '15 minutes',
  retry,
});

export const cpu = proxyActivities<CpuActivities>({
  ...common,
  taskQueue: TaskQueue.cpu,
  startToCloseTimeout: '6 hours',
  retry,
});

// OutOfMemory is not retried as it is: the workflow halves the physical batch first.
export const gpu = proxyActivities<GpuActivities>({
  ...common,
  taskQueue: TaskQueue.gpu,
  startToCloseTimeout: '7 days',
  retry: { ...retry, nonRetryableErrorTypes: [...retry.nonRetryableErrorTypes, ErrorType.OutOfMemory] },
});
