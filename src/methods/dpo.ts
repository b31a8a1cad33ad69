import type { Method } from "./types.js";

export const dpo = {
  name: "dpo",
  about: "prefers the best to the worst of several replies to one turn, in all conversations",
  rows: "pair",
  from: "all",
  settings: ["beta"],
  reference: {
    key: "rafailov2023dpo",
    title: "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
    author:
      "Rafailov, Rafael and Sharma, Archit and Mitchell, Eric and Ermon, Stefano and Manning, Christopher D. and Finn, Chelsea",
    year: 2023,
    eprint: "2305.18290",
  },
} as const satisfies Method;
