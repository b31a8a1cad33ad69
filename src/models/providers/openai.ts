import { MASK_REPLY, type Provider } from "./types.js";

/** A model on any server that speaks OpenAI's protocol. */
export const openai: Provider = {
  prefix: "openai",
  forms: ["openai:<model> with base_url"],
  bare: false,
  longestReply: MASK_REPLY,
  fields: [
    "base_url",
    "api_key_env",
    "parameters",
    "max_concurrency",
    "requests_per_minute",
    "timeout_s",
    "adapters",
  ],
  embedded: false,
  path: () => null,
  describe: async ({ rest, fields }) => ({
    language: "english",
    contextLength: null,
    priceName: rest,
    scores: "asked",
    takesAdapters: fields.adapters !== undefined,
  }),
  open: async (model, context) => await (await import("../openai/open.js")).openServed(model, context),
};
