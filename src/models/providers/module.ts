import { resolve } from "node:path";
import { MASK_REPLY, type Provider } from "./types.js";

/** A model that code of the user's brings, with all that a provider says of its own. */
export const module: Provider = {
  prefix: "module",
  forms: ["module:<file.js>"],
  bare: false,
  longestReply: MASK_REPLY,
  fields: ["options", "max_concurrency", "requests_per_minute", "timeout_s"],
  embedded: false,
  path: (rest) => resolve(rest),
  describe: async ({ rest }, permissions) =>
    await (await import("../module/file.js")).describeModule(rest, permissions),
  open: async (model, context) => await (await import("../module/open.js")).openCode(model, context),
};
