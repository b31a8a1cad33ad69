import { MINNOWS, minnowFolder } from "../embedded/minnows.js";
import { onEngine } from "./on-engine.js";
import type { Provider } from "./types.js";

/** The models that ship with candor, or one of their language from a folder. */
export const minnow: Provider = {
  prefix: "minnow",
  forms: ["minnow", `minnow:<1 to ${MINNOWS}>`, "minnow:<checkpoint or adapter folder>"],
  bare: true,
  // Its sentences have some ten tokens.
  longestReply: 48,
  ...onEngine("minnow", minnowFolder),
};
