/** How a family of chat models writes a request and opens the answer with its special tokens. */
export type ChatForm = {
  /** Returns the text up to the start of the answer. */
  render(params: { system?: string; request: string }): string;
  /** The token that ends an answer. */
  endOfTurn: string;
};

/**
 * Returns ChatML, used by SmolLM2 and Qwen. With `thinks`, an empty thought comes before the answer, as in
 * the model's own template.
 */
function chatMl(thinks: boolean): ChatForm {
  return {
    endOfTurn: '<|im_end|>',
    render({ system, request }) {
      const before = system === undefined ? '' : `<|im_start|>system\n${system}<|im_end|>\n`;
      const thought = thinks ? '<think>\n\n</think>\n\n' : '';
      return `${before}<|im_start|>user\n${request}<|im_end|>\n<|im_start|>assistant\n${thought}`;
    },
  };
}

/**
 * Llama 3: each turn begins with its role. No default system message is added, because its dates would change
 * the texts.
 */
const LLAMA_3: ChatForm = {
  endOfTurn: '<|eot_id|>',
  render({ system, request }) {
    const turn = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`;
    const before = system === undefined ? '' : `${turn('system')}${system}<|eot_id|>`;
    return `${before}${turn('user')}${request}<|eot_id|>${turn('assistant')}`;
  },
};

/** Gemma has no system role; like its own template, this puts the system message before the first request. */
const GEMMA: ChatForm = {
  endOfTurn: '<end_of_turn>',
  render({ system, request }) {
    const before = system === undefined ? '' : `${system}\n\n`;
    return `<start_of_turn>user\n${before}${request}<end_of_turn>\n<start_of_turn>model\n`;
  },
};

/** The special tokens of all chat forms. No text of a record may be read as one of them. */
export const TURN_TOKENS: ReadonlySet<string> = new Set([
  ...['<|im_start|>', '<|im_end|>'],
  ...['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
  ...['<start_of_turn>', '<end_of_turn>'],
]);

/**
 * Returns the chat form for the tokens of a model, or null if it has no chat turns. `template` is its own
 * chat template.
 */
export function chatFormOf(params: { has(token: string): boolean; template: string }): ChatForm | null {
  const { has, template } = params;
  if (has('<|im_start|>') && has('<|im_end|>')) return chatMl(template.includes('enable_thinking'));
  if (has('<|start_header_id|>') && has('<|eot_id|>')) return LLAMA_3;
  if (has('<start_of_turn>') && has('<end_of_turn>')) return GEMMA;
  return null;
}
