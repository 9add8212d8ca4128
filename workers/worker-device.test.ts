import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findGpuTraces } from '../engine/tensor/gpu-traces.ts';
import { tsxArguments } from './tsx-arguments.ts';

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url));
// A closed port: no server may be needed to find out about the device.
const NO_SERVER = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

async function startWorker(device: string) {
  const env = { ...process.env, ...NO_SERVER, DPSYNTH_DEVICE: device };
  const child = fork(ENTRY, ['gpu'], { execArgv: tsxArguments(), env, silent: true });
  const messages: unknown[] = [];
  let stderr = '';
  child.on('message', (message) => messages.push(message));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stderr, messages };
}

test.skipIf(findGpuTraces().nodes.length > 0)(
  'a worker for a GPU that is not there ends before it asks for jobs, with one line',
  async () => {
    const { code, stderr, messages } = await startWorker('gpu');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^dpsynth worker: GpuUnavailable: TensorFlow /);
    expect(messages).toEqual([
      { error: { type: 'GpuUnavailable', message: expect.stringMatching(/^TensorFlow /) } },
    ]);
  },
);

test('a device that is not known is a fault of the configuration', async () => {
  expect((await startWorker('tpu')).stderr).toMatch(
    /^dpsynth worker: InvalidConfig: DPSYNTH_DEVICE is 'tpu'/,
  );
});

test('for the CPU the worker goes on to its server', async () => {
  expect((await startWorker('cpu')).stderr).toMatch(/^dpsynth worker: TemporalUnavailable: /m);
});
