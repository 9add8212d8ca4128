import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';

/** The device on which a process computes. */
export type Device = 'cpu' | 'gpu';

const USE_CPU = 'or use the CPU: DPSYNTH_DEVICE=cpu';

/**
 * Returns the device named by DPSYNTH_DEVICE, or the CPU if it is not set. Throws InvalidConfig for any other
 * value.
 */
export function chooseDevice(env: NodeJS.ProcessEnv): Device {
  const chosen = env.DPSYNTH_DEVICE || 'cpu';
  if (chosen === 'cpu' || chosen === 'gpu') return chosen;
  throw invalidConfig(`DPSYNTH_DEVICE is '${chosen}': it must be cpu or gpu.`);
}

/**
 * Returns the environment for loading CUDA and TensorFlow with one GPU. The user's settings stay, but only
 * the first of several visible GPUs is kept, because TensorFlow would take memory on all of them and use one.
 */
export function gpuEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return {
    CUDA_VISIBLE_DEVICES: (env.CUDA_VISIBLE_DEVICES ?? '0').split(',')[0]!.trim(),
    // Makes an index mean the same GPU as in `nvidia-smi`.
    CUDA_DEVICE_ORDER: env.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID',
    // Takes memory as needed instead of all at the start, because a job may start before another has ended.
    TF_FORCE_GPU_ALLOW_GROWTH: env.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    // Keeps float32 exact, as on the CPU. TF32 keeps only 10 of its 23 bits in products.
    NVIDIA_TF32_OVERRIDE: env.NVIDIA_TF32_OVERRIDE ?? '0',
  };
}

/** Signs of GPUs on this machine if TensorFlow found none. */
export interface GpuTraces {
  /** Version of the NVIDIA kernel driver; undefined if it is not loaded. */
  driver: string | undefined;
  /** Paths like /dev/nvidia0. */
  nodes: string[];
  /** Whether the driver's library libcuda was found and loaded into this process. */
  libcuda: boolean;
  /** CUDA_VISIBLE_DEVICES */
  visible: string | undefined;
}

/**
 * Returns the error for TensorFlow loaded for a GPU without finding one. It names the first missing
 * requirement.
 */
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
      `TensorFlow found no GPU: ${nodes.join(', ')} exists, but the driver's libcuda.so.1 is missing. Install the driver's libraries ` +
        `(in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility), ${USE_CPU}.`,
    );
  return gpuUnavailable(
    `TensorFlow found no GPU: ${nodes.join(', ')} and the NVIDIA driver ${driver ?? '(version unknown)'} exist, and ` +
      `CUDA_VISIBLE_DEVICES is '${visible ?? ''}'. Choose an index that nvidia-smi lists, with a driver for CUDA 12 ` +
      `(525 or later), ${USE_CPU}.`,
  );
}

export function gpuUnavailable(message: string, cause?: unknown): DpsynthError {
  return new DpsynthError({ type: ErrorType.GpuUnavailable, message, cause });
}
