import type { AdapterConfig } from '../../schemas/settings/training.ts';

/** Returns how a model was fine-tuned, in a few words for people. */
export function describeAdapter(adapter: AdapterConfig): string {
  switch (adapter.method) {
    case 'lora': {
      const frozen = adapter.freezeA ? ', A frozen' : '';
      return `LoRA, rank ${adapter.rank} on ${adapter.matrices.join(', ')}${frozen}`;
    }
    case 'prompt':
      return `prompt tuning, ${adapter.length} tokens, ${adapter.initialisation} start`;
    case 'full':
      return 'full fine-tuning';
  }
}
