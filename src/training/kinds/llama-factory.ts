import type { TrainerKind } from "./types.js";

export const llamaFactory: TrainerKind = {
  name: "llamafactory",
  embedded: false,
  command: "[llamafactory-cli]",
  problems: ({ loss_type }) =>
    loss_type === "apo_zero_unpaired"
      ? [
          {
            field: "loss_type",
            message: "LLaMA-Factory has no apo_zero_unpaired; use trainer: trl, or loss_type: kto",
          },
        ]
      : [],
  train: async (request) => await (await import("../external/llama-factory.js")).llamaFactoryTrainer(request),
};
