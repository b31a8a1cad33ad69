import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import type { Idle } from "./known.js";
import { stageKind } from "./types.js";

/** The column of logs that a source is told by, and what to do where there is none. */
const UNNAMED = {
  user: [
    "user",
    "no column says who marked a reply, so each counts as somebody else's; name source.columns.user",
  ],
  situation: [
    "topic",
    "no column says what a conversation is about, so all would count as one situation; name source.columns.topic",
  ],
} as const;

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
  idle: ({ by }, known): Idle | null => {
    if (known.from === "logs") {
      const { columns } = known.logs.reading;
      const [column, message] = UNNAMED[by];
      return columns[column] === undefined ? { field: "by", message } : null;
    }
    return by === "user" && known.from === "users" && !known.comeAgain
      ? {
          field: "by",
          message:
            "each user talks once, so none has more than one conversation; use by: situation, or population.life, where users come again",
        }
      : null;
  },
  make: async (settings) => (await import("../defences/cap.js")).cap(settings),
});
