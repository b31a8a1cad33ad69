import type { Method } from "./types.js";

export const kto = {
  name: "kto",
  about: "also pushes away from the bottom",
  rows: "labelled",
  from: "best and worst",
  settings: ["beta", "desirable_weight", "undesirable_weight", "loss_type"],
  // With one row in a step, that row would be its own point of reference.
  problems: ({ batch_size, loss_type }: Readonly<Record<string, unknown>>) =>
    batch_size === 1 && loss_type === "kto"
      ? [
          {
            field: "batch_size",
            message:
              "kto compares the rows of a step with each other, so it needs 2 or more; set loss_type to apo_zero_unpaired to train on single rows",
          },
        ]
      : [],
  reference: {
    key: "ethayarajh2024kto",
    title: "{KTO}: Model Alignment as Prospect Theoretic Optimization",
    author: "Ethayarajh, Kawin and Xu, Winnie and Muennighoff, Niklas and Jurafsky, Dan and Kiela, Douwe",
    year: 2024,
    eprint: "2402.01306",
  },
} as const satisfies Method;
