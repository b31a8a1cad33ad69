import { z } from "zod";
import { MOST } from "../../limits.js";
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
  make: async ({ phrases }) => (await import("../defences/reason-veto.js")).reasonVeto(phrases),
});
