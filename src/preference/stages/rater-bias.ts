import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { afterPanel, oneRaterEach } from "./after-panel.js";
import { stageKind } from "./types.js";

export const raterBias = stageKind({
  kind: "rater_bias",
  schema: z.strictObject({
    kind: z
      .literal("rater_bias")
      .describe("Learns each rater's bias from where it differs from the others, and ranks by what is left."),
    iterations: countTo(MOST.iterations).default(50).describe("Most steps of the expectation-maximisation."),
  }),
  rated: true,
  pairs: false,
  ranks: true,
  misplaced: afterPanel("rater_bias"),
  idle: oneRaterEach("rater_bias"),
  make: async ({ iterations }, { pack }) =>
    (await import("../defences/rater-bias.js")).raterBias(iterations, pack.scale),
});
