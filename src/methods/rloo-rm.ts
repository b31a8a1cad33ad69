import { comparing, rloo } from "./rloo.js";
import type { Method } from "./types.js";

export const rlooRm = {
  name: "rloo_rm",
  about:
    "trains a reward model on the best and the worst of several replies to one turn, draws replies while it learns, and makes those likelier that the reward model values above the others to the same turn",
  rows: "pair",
  from: "all",
  settings: [...rloo.settings, "reward_model"],
  embeddedOnly: true,
  draws: "valued",
  problems: comparing("rloo_rm"),
  reference: rloo.reference,
} as const satisfies Method;
