import type { TrainerKind } from "./types.js";

export const trl: TrainerKind = {
  name: "trl",
  embedded: false,
  command: "[trl]",
  train: async (request) => await (await import("../external/trl.js")).trlTrainer(request),
};
