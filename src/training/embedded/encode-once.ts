import type { Tokenizer } from "../../models/index.js";

// Of some 100 tokens each. What a run of thousands of users says goes through many times over.
const MOST = 10_000;

/**
 * A tokenizer that does not render and read the same conversation again: a prompt comes with each reply to it, and a small model often says
 * the same. Whoever is given tokens must leave them as they are.
 */
export function encodingOnce(tokenizer: Tokenizer): Tokenizer {
  const known = new Map<string, number[]>();
  const encodeChat: Tokenizer["encodeChat"] = (messages, options) => {
    const said = messages.map(({ role, content }) => [role, content]);
    const name = JSON.stringify([options.addGenerationPrompt, said]);
    const before = known.get(name);
    if (before) return before;
    const ids = tokenizer.encodeChat(messages, options);
    if (known.size >= MOST) known.clear();
    known.set(name, ids);
    return ids;
  };
  return { ...tokenizer, encodeChat };
}
