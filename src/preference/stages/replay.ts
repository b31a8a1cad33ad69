import { z } from "zod";
import { replayed } from "../shares.js";
import { noneOf } from "./known.js";
import { stageKind } from "./types.js";

export const replay = stageKind({
  kind: "replay",
  schema: z.strictObject({
    kind: z.literal("replay").describe("Mixes rows of a data file among those that users taught."),
    file: z
      .string()
      .min(1)
      .describe(
        "JSON lines in TRL's layout: prompt and completion, or messages that end in an assistant turn.",
      ),
    share: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe("Share of all rows that come from the file, in (0, 1)."),
  }),
  rated: false,
  pairs: false,
  misplaced: ({ method }) =>
    method.draws === "online"
      ? `${method.name} learns from replies that users rate, and rows of a file have no user; leave replay out, or use training.kl`
      : null,
  needs: ({ file }) => ({ load: "rows", file }),
  // Rows of others come in, whose prompts are their own.
  prompts: () => ({ system: "own", said: new Set() }),
  idle: ({ share }, { most }) =>
    replayed(share, most.rows) > 0 ? null : noneOf(share, most.rows, "rows", "replay"),
  make: async ({ file: name, share: part }, _tools, file) => {
    if (!file || !("replay" in file)) throw new Error(`the rows of ${name} were not loaded`);
    return (await import("../defences/replay.js")).replay(file.replay, part, name);
  },
});
