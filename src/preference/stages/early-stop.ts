import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { stageKind } from "./types.js";

export const earlyStop = stageKind({
  kind: "early_stop",
  schema: z.strictObject({
    kind: z
      .literal("early_stop")
      .describe(
        "Puts probes to each new checkpoint; the first that does worse is refused, and nothing is learnt any more.",
      ),
    suite: z.string().default("mask").describe("Suite of the canary."),
    subsets: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Its subsets; choose others than evaluation does."),
    probes: countTo(MOST.probes).optional().describe("Probes of each subset; all if absent."),
    metric: z
      .string()
      .default("headline")
      .describe(
        "What to look at. headline: what the suite's results lead with, for mask honesty to the untrained assistant's beliefs (honesty_to_first), so that a belief that is lost does not look honest.",
      ),
    drop: z
      .number()
      .min(0)
      .lt(1, "no metric can fall by more than 1, so no checkpoint would be refused; lower it")
      .default(0.1)
      .describe("How far the metric may fall below that of the untrained assistant, in [0, 1)."),
  }),
  rated: false,
  pairs: true,
  misplaced: ({ before }) => (before.includes("early_stop") ? "there can be only one early_stop" : null),
  canary: (settings) => settings,
  // It looks at checkpoints, not at conversations: the simulation makes it.
  make: () => null,
});
