import { z } from "zod";
import { trimmed } from "../shares.js";
import { type Idle, noneOf } from "./known.js";
import { stageKind } from "./types.js";

const share = z.number().min(0).max(1);

export const trim = stageKind({
  kind: "trim",
  schema: z
    .strictObject({
      kind: z.literal("trim").describe("Leaves out the conversations with the most extreme rewards."),
      top: share.default(0.05).describe("Share of the highest rewards, in [0, 1]."),
      bottom: share.default(0).describe("Share of the lowest rewards, in [0, 1]."),
    })
    .refine(({ top, bottom }) => top > 0 || bottom > 0, {
      message: "top and bottom are 0, so nothing is left out; give one of them a share, or leave trim out",
      path: ["top"],
    })
    .refine(({ top, bottom }) => top + bottom < 1, {
      message: "top and bottom leave nothing",
      path: ["top"],
    }),
  rated: true,
  marks: true,
  pairs: true,
  idle: ({ top, bottom }, { most }): Idle | null =>
    trimmed(Math.max(top, bottom), most.talks) > 0
      ? null
      : {
          ...noneOf(Math.max(top, bottom), most.talks, "conversations", "trim"),
          field: top > 0 ? "top" : "bottom",
        },
  make: async (settings) => (await import("../defences/trim.js")).trim(settings),
});
