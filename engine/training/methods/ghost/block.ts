import type { BlockAdaptation } from '../../../language-model/adaptation.ts';
import type { LanguageModel } from '../../../language-model/language-model.ts';
import { normWeightGradient } from '../../../language-model/norm.ts';
import { type GhostGradient, rowsGradient } from './ghost-gradient.ts';
import { linearGradient } from './linear.ts';

/**
 * Returns an adaptation that changes nothing in a block and collects the gradients of all its weights in
 * `ghosts`, by name.
 */
export function blockGhosts(params: {
  model: Pick<LanguageModel, 'blocks'>;
  index: number;
  records: number;
  ghosts: Map<string, GhostGradient>;
}): BlockAdaptation {
  const { model, index, records, ghosts } = params;
  const weights = model.blocks[index];
  return {
    wantsInput: () => true,
    forward: (_matrix, _x, y) => y,
    backward(matrix, x, dy) {
      const at = `blocks.${index}.${matrix}`;
      ghosts.set(`${at}.weight`, linearGradient(x!, dy, records));
      if (weights.matrices[matrix]!.bias) ghosts.set(`${at}.bias`, rowsGradient(dy, records));
      return null;
    },
    norm(name, tape, dy) {
      const at = `blocks.${index}.${name}`;
      ghosts.set(`${at}.weight`, rowsGradient(normWeightGradient(dy, tape), records));
      if (weights[name]!.bias) ghosts.set(`${at}.bias`, rowsGradient(dy, records));
    },
  };
}
