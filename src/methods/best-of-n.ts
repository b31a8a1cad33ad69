import type { Method } from "./types.js";

export const bestOfN = {
  name: "best_of_n",
  about:
    "trains a reward model on the best and the worst of several replies to one turn, draws new replies to each turn and imitates the one that it values most",
  rows: "pair",
  from: "all",
  settings: ["num_generations", "reward_model"],
  embeddedOnly: true,
  draws: "best",
  problems: ({ num_generations }: Readonly<Record<string, unknown>>) =>
    num_generations === 1
      ? [{ field: "num_generations", message: "of one reply none is the best; draw 2 or more" }]
      : [],
  reference: {
    key: "dong2023raft",
    title: "{RAFT}: Reward rAnked FineTuning for Generative Foundation Model Alignment",
    author:
      "Dong, Hanze and Xiong, Wei and Goyal, Deepanshu and Zhang, Yihan and Chow, Winnie and Pan, Rui and Diao, Shizhe and Zhang, Jipeng and Shum, Kashun and Zhang, Tong",
    year: 2023,
    eprint: "2304.06767",
  },
} as const satisfies Method;
