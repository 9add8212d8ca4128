import { DpsynthError } from '../../schemas/errors.ts';

// The child of probe-gpu.ts, never imported: loads TensorFlow as DPSYNTH_DEVICE says and tells in a line of JSON how that went.
try {
  const { tf } = await import('./tensorflow.ts');
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  console.log(JSON.stringify({ tensorflow: binding.TF_Version }));
} catch (error) {
  if (!(error instanceof DpsynthError)) throw error;
  console.log(JSON.stringify({ error: { type: error.type, message: error.message } }));
}
