import { onEngine } from "./on-engine.js";
import { MASK_REPLY, type Provider } from "./types.js";

/** A checkpoint of the Llama family from a folder, or an adapter of one. */
export const hf: Provider = {
  prefix: "hf",
  forms: ["hf:<checkpoint folder>"],
  bare: false,
  longestReply: MASK_REPLY,
  ...onEngine("english", (rest) => rest),
};
