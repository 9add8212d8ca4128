import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';

/** Where the ops of a process run. */
export type Device = 'cpu' | 'gpu';

const USE_CPU = 'or use the CPU: DPSYNTH_DEVICE=cpu';

/** The device that DPSYNTH_DEVICE names; the CPU where it is not set. Throws InvalidConfig for another word. */
export function chooseDevice(env: NodeJS.ProcessEnv): Device {
  const chosen = env.DPSYNTH_DEVICE || 'cpu';
  if (chosen === 'cpu' || chosen === 'gpu') return chosen;
  throw invalidConfig(`DPSYNTH_DEVICE is '${chosen}': it may be cpu or gpu.`);
}

/**
 * The environment that CUDA and TensorFlow find when they are loaded for one GPU. What the user set stays, but of several visible
 * GPUs only the first is kept: TensorFlow would take memory on all of them, and use one.
 */
export function gpuEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return {
    CUDA_VISIBLE_DEVICES: (env.CUDA_VISIBLE_DEVICES ?? '0').split(',')[0]!.trim(),
    // So that an index means the same GPU as in `nvidia-smi`.
    CUDA_DEVICE_ORDER: env.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID',
    // Memory as it is needed, not all of it at the start: one job may start while another still ends.
    TF_FORCE_GPU_ALLOW_GROWTH: env.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    // float32 is float32, as on the CPU: TF32 keeps 10 of its 23 bits in products.
    NVIDIA_TF32_OVERRIDE: env.NVIDIA_TF32_OVERRIDE ?? '0',
  };
}

/** What this machine shows of its GPUs when TensorFlow has found none. */
export interface GpuTraces {
  /** Version of the NVIDIA kernel driver, undefined where it is not loaded. */
  driver: string | undefined;
  /** Paths like /dev/nvidia0. */
  nodes: string[];
  /** Whether the driver's library libcuda was found and loaded into this process. */
  libcuda: boolean;
  /** CUDA_VISIBLE_DEVICES */
  visible: string | undefined;
}

/** The error for a TensorFlow that was loaded for a GPU and has none: the first thing on the way to it that is missing. */
export function noGpuFound(traces: GpuTraces): DpsynthError {
  const { driver, nodes, libcuda, visible } = traces;
  const container = 'start the container with its GPUs (docker run --gpus all)';
  if (driver === undefined && nodes.length === 0)
    return gpuUnavailable(
      'TensorFlow found no GPU: there is neither an NVIDIA driver (/proc/driver/nvidia) nor a device node (/dev/nvidia0). ' +
        `Install the driver so that nvidia-smi lists a GPU, or ${container}, ${USE_CPU}.`,
    );
  if (nodes.length === 0)
    return gpuUnavailable(
      `TensorFlow found no GPU: the NVIDIA driver ${driver} is loaded, but there is no device node (/dev/nvidia0). ` +
        `If this is a container, ${container}, ${USE_CPU}.`,
    );
  if (!libcuda)
    return gpuUnavailable(
      `TensorFlow found no GPU: ${nodes.join(', ')} is there, but not libcuda.so.1 of the driver. Install the driver's libraries ` +
        `(in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility), ${USE_CPU}.`,
    );
  return gpuUnavailable(
    `TensorFlow found no GPU: ${nodes.join(', ')} and the NVIDIA driver ${driver ?? '(version unknown)'} are there, and ` +
      `CUDA_VISIBLE_DEVICES is '${visible ?? ''}'. Choose an index that nvidia-smi lists, with a driver for CUDA 12 ` +
      `(525 or later), ${USE_CPU}.`,
  );
}

export function gpuUnavailable(message: string, cause?: unknown): DpsynthError {
  return new DpsynthError({ type: ErrorType.GpuUnavailable, message, cause });
}
