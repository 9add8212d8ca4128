import { expect, test } from 'vitest';
import { chooseDevice, type GpuTraces, gpuEnvironment, noGpuFound } from './device.ts';

test('the CPU is the default, and only cpu and gpu are known', () => {
  expect(chooseDevice({})).toBe('cpu');
  expect(chooseDevice({ DPSYNTH_DEVICE: '' })).toBe('cpu');
  expect(chooseDevice({ DPSYNTH_DEVICE: 'gpu' })).toBe('gpu');
  expect(() => chooseDevice({ DPSYNTH_DEVICE: 'cuda:0' })).toThrow(
    expect.objectContaining({ type: 'InvalidConfig', message: expect.stringContaining("'cuda:0'") }),
  );
});

test('uses one GPU: the first visible one, or number 0', () => {
  expect(gpuEnvironment({}).CUDA_VISIBLE_DEVICES).toBe('0');
  expect(gpuEnvironment({ CUDA_VISIBLE_DEVICES: '3, 1' }).CUDA_VISIBLE_DEVICES).toBe('3');
  // A GPU hidden on purpose stays hidden.
  expect(gpuEnvironment({ CUDA_VISIBLE_DEVICES: '' }).CUDA_VISIBLE_DEVICES).toBe('');
});

test('the user’s settings for CUDA and TensorFlow stay', () => {
  const set = {
    TF_FORCE_GPU_ALLOW_GROWTH: 'false',
    NVIDIA_TF32_OVERRIDE: '1',
    CUDA_DEVICE_ORDER: 'FASTEST_FIRST',
  };
  expect(gpuEnvironment(set)).toMatchObject(set);
});

const traces: GpuTraces = { driver: '550.54.15', nodes: ['/dev/nvidia0'], libcuda: true, visible: '5' };

test.each<[Partial<GpuTraces>, RegExp]>([
  [{ driver: undefined, nodes: [], libcuda: false }, /neither an NVIDIA driver .* nor a device node/],
  [{ nodes: [], libcuda: false }, /driver 550\.54\.15 is loaded, but .* no device node .*--gpus all/],
  [{ libcuda: false }, /\/dev\/nvidia0 exists, but the driver's libcuda\.so\.1/],
  [{}, /CUDA_VISIBLE_DEVICES is '5'.*nvidia-smi/],
])('no GPU with %o: one line says what is missing and how to use the CPU instead', (found, message) => {
  const error = noGpuFound({ ...traces, ...found });
  expect(error.type).toBe('GpuUnavailable');
  expect(error.message).toMatch(message);
  expect(error.message).toContain('DPSYNTH_DEVICE=cpu');
  expect(error.message).not.toContain('\n');
});
