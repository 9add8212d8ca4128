import type { CheckpointSource } from '../../engine/language-model/checkpoint-source.ts';
import { inBfloat16 } from '../../engine/language-model/in-bfloat16.ts';
import type { LanguageModel } from '../../engine/language-model/language-model.ts';
import { resolvePrecision } from '../../engine/language-model/precision.ts';
import type { Precision } from '../../schemas/settings/training.ts';
import { loadModel } from '../../workers/compute/load-model.ts';

/**
 * Returns a model as jobs load it for this precision. Throws InvalidConfig for bfloat16 if this machine
 * cannot multiply in it.
 */
export async function loadOurs(
  name: string,
  { precision, backward }: { precision: Precision; backward: boolean },
): Promise<{ model: LanguageModel; source: CheckpointSource }> {
  const { model, source } = await loadModel(name);
  if (resolvePrecision(precision) === 'float32') return { model, source };
  return { model: inBfloat16(model, { backward }), source };
}
