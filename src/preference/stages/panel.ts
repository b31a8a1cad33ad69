import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { stageKind } from "./types.js";

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
  misplaced: ({ source }) =>
    source.simulated
      ? null
      : `panel asks simulated users, and with source: ${source.name} there are none; leave it out (rater_agreement and rater_bias go by replies that several real users marked)`,
  make: async (settings, tools) => (await import("../defences/panel.js")).panel(settings, tools),
});
