import { vi } from 'vitest';

/** What a proxy of activities was made with: the fields that the docs state. */
export type ProxyOptions = {
  taskQueue?: string;
  heartbeatTimeout?: string;
  startToCloseTimeout?: string;
  retry: { maximumAttempts: number; nonRetryableErrorTypes: string[] };
};

/**
 * Reads with which options the workflows call their activities: those on the queues, and those that the ledger runs in its own
 * worker. Call it in a test whose `@temporalio/workflow` is mocked by `withRecordedProxies`.
 */
export async function proxyOptions(): Promise<{ queues: ProxyOptions[]; local: ProxyOptions }> {
  const { proxyActivities, proxyLocalActivities } = await import('@temporalio/workflow');
  await import('../../workflows/index.ts');
  const queues = vi.mocked(proxyActivities).mock.calls.map(([options]) => options as ProxyOptions);
  const [[local]] = vi.mocked(proxyLocalActivities).mock.calls;
  return { queues, local: local as ProxyOptions };
}

/** The module `@temporalio/workflow` with proxies that only record their options. */
export async function withRecordedProxies(original: () => Promise<object>): Promise<object> {
  return {
    ...(await original()),
    proxyActivities: vi.fn(() => ({})),
    proxyLocalActivities: vi.fn(() => ({})),
  };
}
