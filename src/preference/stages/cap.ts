import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { stageKind } from "./types.js";

export const cap = stageKind({
  kind: "cap",
  schema: z.strictObject({
    kind: z.literal("cap").describe("Learns from no more than a number of conversations of one source."),
    by: z.enum(["user", "situation"]).default("user").describe("What counts as one source."),
    most: countTo(MOST.users).default(1).describe("Conversations of one source."),
    within: z
      .enum(["round", "run"])
      .default("run")
      .describe("Counted in a round by itself, or together with what earlier rounds have learnt from."),
  }),
  rated: true,
  pairs: true,
  make: async (settings) => (await import("../defences/cap.js")).cap(settings),
});
