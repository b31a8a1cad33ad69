import { z } from "zod";
import { afterPanel, oneRaterEach } from "./after-panel.js";
import { stageKind } from "./types.js";

export const raterAgreement = stageKind({
  kind: "rater_agreement",
  schema: z.strictObject({
    kind: z
      .literal("rater_agreement")
      .describe("Ranks by the mean reward of all raters less what they disagree."),
    spread: z
      .number()
      .nonnegative()
      .default(1)
      .describe("How many standard deviations between raters are taken off the mean."),
  }),
  rated: true,
  pairs: false,
  ranks: true,
  misplaced: afterPanel("rater_agreement"),
  idle: oneRaterEach("rater_agreement"),
  make: async ({ spread }, { interaction }) =>
    (await import("../defences/agreement.js")).raterAgreement(spread, interaction.reward),
});
