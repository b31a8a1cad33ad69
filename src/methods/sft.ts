import type { Method } from "./types.js";

export const sft = {
  name: "sft",
  about: "imitates the top",
  rows: "reply",
  from: "best",
  settings: [],
} as const satisfies Method;
