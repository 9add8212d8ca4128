import type { Device } from '../../engine/tensor/device.ts';
import type { ComputeJob } from '../../schemas/jobs.ts';
import { isS3Uri } from '../../storage/s3/s3-location.ts';

const NAMES = new Set([
  ...['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME', 'LD_LIBRARY_PATH', 'LD_PRELOAD'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
]);
const PREFIXES = [
  'DPSYNTH_',
  'TF_',
  'OMP_',
  'KMP_',
  'MALLOC_',
  'CUDA_',
  'NVIDIA_',
  'XLA_',
  'LC_',
  'V8_',
  'UV_',
];

/**
 * Returns the environment variables that a compute child needs, including its device. Credentials are not
 * passed on: those of Temporal never, those of S3 only if the job reads or writes there.
 */
export function childEnvironment(params: {
  env: NodeJS.ProcessEnv;
  device: Device;
  job: ComputeJob;
}): NodeJS.ProcessEnv {
  const { env, device, job } = params;
  const prefixes = usesS3(job) ? [...PREFIXES, 'AWS_'] : PREFIXES;
  const kept = Object.entries(env).filter(
    ([name]) => NAMES.has(name.toUpperCase()) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  // TensorFlow's banners would fill the part of standard error that is kept. Its warnings remain.
  return { TF_CPP_MIN_LOG_LEVEL: '1', ...Object.fromEntries(kept), DPSYNTH_DEVICE: device };
}

function usesS3(job: ComputeJob): boolean {
  if (isS3Uri(job.store)) return true;
  if (!('corpus' in job)) return false;
  const { source, test } = job.corpus;
  return isS3Uri(source) || (typeof test === 'string' && isS3Uri(test));
}
