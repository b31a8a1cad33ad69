import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { stageKind } from "./types.js";

/** What goes by its ratings; a module may. */
const USED_BY: readonly string[] = ["rater_agreement", "rater_bias", "module"];

export const panel = stageKind({
  kind: "panel",
  schema: z.strictObject({
    kind: z
      .literal("panel")
      .describe(
        "Has other users of the round rate each conversation; for rater_agreement and rater_bias after it.",
      ),
    shown: z
      .enum(["reply", "conversation"])
      .default("reply")
      .describe(
        "What they are shown: each reply by itself after what they would have asked themselves, or all that was said.",
      ),
    raters: countTo(MOST.raters)
      .default(3)
      .describe("How many others rate each conversation; each user rates as many."),
  }),
  rated: true,
  pairs: false,
  ranks: true,
  misplaced: ({ source, after }) => {
    if (source.simulated)
      return after.some((kind) => USED_BY.includes(kind))
        ? null
        : "a panel changes nothing by itself; put rater_agreement or rater_bias behind it";
    return `panel asks simulated users, and with source: ${source.name} there are none; leave it out (rater_agreement and rater_bias go by replies that several real users marked)`;
  },
  idle: (_settings, { most }) =>
    most.talks > 1 ? null : { message: "there is one user, and a panel has others rate; add users" },
  make: async (settings, tools) => (await import("../defences/panel.js")).panel(settings, tools),
});
