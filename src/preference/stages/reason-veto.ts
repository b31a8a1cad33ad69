import { z } from "zod";
import { MOST } from "../../limits.js";
import { hasPhrase } from "../defences/phrases.js";
import type { Idle } from "./known.js";
import { stageKind } from "./types.js";

export const reasonVeto = stageKind({
  kind: "reason_veto",
  schema: z.strictObject({
    kind: z
      .literal("reason_veto")
      .describe(
        "Leaves out conversations whose user gives a reason for a mark that is not to be learnt from.",
      ),
    phrases: z
      .array(z.string().trim().min(1))
      .min(1)
      .max(MOST.names)
      .describe("A reason with one of them, case ignored, is such a reason. Who gives no reason stays."),
  }),
  rated: true,
  pairs: true,
  idle: ({ phrases }, known): Idle | null => {
    if (known.from === "users" && !known.giveReasons)
      return { message: "simulated users give no reasons; set interaction.reasons: true, or leave it out" };
    if (known.from !== "logs") return null;
    const reasons = known.logs.replies.flatMap(({ reason }) => reason ?? []);
    if (reasons.length === 0)
      return { message: "no row gives a reason; name source.columns.reason, or leave it out" };
    const vetoed = reasons.filter(hasPhrase(phrases)).length;
    if (vetoed === 0)
      return {
        field: "phrases",
        message: "no reason in the data has one of them, so nothing would be left out",
      };
    const message = "every row gives a reason with one of them, so nothing would be left to learn from";
    return vetoed === known.logs.replies.length ? { field: "phrases", message } : null;
  },
  make: async ({ phrases }) => (await import("../defences/reason-veto.js")).reasonVeto(phrases),
});
