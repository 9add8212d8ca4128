import { embedTexts } from '../../../../engine/encoder/embed-texts.ts';
import { disposeEncoder, loadEncoder } from '../../../../engine/encoder/encoder.ts';
import { openEncoder } from '../../../../engine/encoder/open-encoder.ts';
import type { Embeddings } from '../../../../engine/metrics/embeddings.ts';
import { locateAsset } from '../../../../storage/assets/locate-asset.ts';
import type { JobContext } from '../../job-context.ts';

/**
 * Returns sentence embeddings of the texts of both sides, computed by a public encoder. The encoder's
 * memory is freed.
 */
export async function embedSides(params: {
  encoder: string;
  real: readonly string[];
  synthetic: readonly string[];
  context: JobContext;
}): Promise<{ real: Embeddings; synthetic: Embeddings }> {
  const { real, synthetic, context } = params;
  const { onProgress, signal } = context;
  const of = real.length + synthetic.length;
  onProgress({ phase: 'load the encoder', step: 0, of });
  const { folder } = await locateAsset({ asset: params.encoder });
  const { tokenizer, ...source } = await openEncoder(folder);
  const encoder = await loadEncoder(source);
  const { embeddings, width } = await embedTexts({
    encoder,
    tokenizer,
    texts: [...real, ...synthetic],
    onProgress(done) {
      onProgress({ phase: 'embed texts', step: done, of });
      signal.throwIfAborted();
    },
  });
  disposeEncoder(encoder);
  const cut = real.length * width;
  return {
    real: { rows: real.length, dims: width, values: embeddings.subarray(0, cut) },
    synthetic: { rows: synthetic.length, dims: width, values: embeddings.subarray(cut) },
  };
}
