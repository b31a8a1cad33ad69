import type { TrainerKind } from "./types.js";

export const embedded: TrainerKind = {
  name: "embedded",
  about: "ONNX Runtime, this machine",
  embedded: true,
  train: async (request) => await (await import("../embedded.js")).embeddedTrainer(request),
};
