import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import type { Idle, Known } from "./known.js";
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

const schema = z.strictObject({
  kind: z.literal("cap").describe("Learns from no more than a number of conversations of one source."),
  by: z.enum(["user", "situation"]).default("user").describe("What counts as one source."),
  most: countTo(MOST.users).default(1).describe("Conversations of one source."),
  within: z
    .enum(["round", "run"])
    .default("run")
    .describe("Counted in a round by itself, or together with what earlier rounds have learnt from."),
});
type Settings = z.output<typeof schema>;

export const cap = stageKind({
  kind: "cap",
  schema,
  rated: true,
  pairs: true,
  idle: (settings, known): Idle | null => unnamed(settings, known) ?? tooWide(settings, known),
  make: async (settings) => (await import("../defences/cap.js")).cap(settings),
});

/** Nobody is told apart from others. */
function unnamed({ by }: Settings, known: Known): Idle | null {
  if (known.from === "logs") {
    const [column, message] = UNNAMED[by];
    return known.logs.reading.columns[column] === undefined ? { field: "by", message } : null;
  }
  return by === "user" && known.from === "users" && !known.comeAgain
    ? {
        field: "by",
        message:
          "each user talks once, so none has more than one conversation; use by: situation, or population.life, where users come again",
      }
    : null;
}

/** No source has more conversations than it may. */
function tooWide(settings: Settings, known: Known): Idle | null {
  const { by, most } = settings;
  const found = known.from === "logs" ? mostMarked(settings, known) : mostTalks(settings, known);
  return most < found
    ? null
    : {
        field: "most",
        message: `no ${by} has more than ${found} conversations where it counts, so cap would leave nothing out; lower it`,
      };
}

/** Of simulated users: each talks once a round. */
function mostTalks({ by, within }: Settings, { most }: Known): number {
  return (by === "user" ? 1 : most.talks) * (within === "run" ? most.rounds : 1);
}

function mostMarked({ by }: Settings, { logs: { replies } }: Extract<Known, { from: "logs" }>): number {
  const count = new Map<string, number>();
  for (const { user, topic } of replies) {
    const one = by === "user" ? user : topic;
    count.set(one, (count.get(one) ?? 0) + 1);
  }
  return Math.max(0, ...count.values());
}
