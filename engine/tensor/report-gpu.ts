import { DpsynthError } from '../../schemas/errors.ts';

// The child process of probe-gpu.ts, never imported. Loads TensorFlow by DPSYNTH_DEVICE and reports the
// result as a line of JSON.
try {
  const { tf } = await import('./tensorflow.ts');
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  console.log(JSON.stringify({ tensorflow: binding.TF_Version }));
} catch (error) {
  if (!(error instanceof DpsynthError)) throw error;
  console.log(JSON.stringify({ error: { type: error.type, message: error.message } }));
}
