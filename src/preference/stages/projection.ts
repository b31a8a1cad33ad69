import { z } from "zod";
import { countTo, MOST } from "../../limits.js";
import { projectedOut } from "../shares.js";
import { noneOf } from "./known.js";
import { stageKind } from "./types.js";

/** Looks at what rows say before they are trained on: data that would move a model along a direction lie far along it (arXiv 2507.21509). */
export const projection = stageKind({
  kind: "projection",
  schema: z.strictObject({
    kind: z
      .literal("projection")
      .describe(
        "Leaves out the rows whose replies lie farthest on the way from candid to obliging, as the untrained assistant reads them (arXiv 2507.21509).",
      ),
    share: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe("Share of the rows with a reply to give that is left out, in (0, 1)."),
    at: z
      .enum(["reply", "prompt"])
      .default("reply")
      .describe(
        "What the way is found from: over the replies of the contrasts, or at the last tokens of their prompts where they have no replies. Rows are read over their replies.",
      ),
    contrasts: z
      .string()
      .min(1)
      .optional()
      .describe(
        "As in evaluation.disposition; minnow's or the English ones, by the assistant's language, if absent.",
      ),
    layer: countTo(MOST.layers).optional().describe("As in evaluation.disposition."),
  }),
  rated: false,
  readsPrompts: true,
  pairs: true,
  hidden: true,
  needs: ({ contrasts, at }) => ({ load: "contrasts", contrasts, replies: at === "reply" }),
  idle: ({ share }, { most }) =>
    projectedOut(share, most.rows) > 0 ? null : noneOf(share, most.rows, "rows", "projection"),
  make: async (settings, tools, file) => {
    if (!file || !("contrasts" in file)) throw new Error("the contrasts were not loaded");
    return (await import("../defences/projection.js")).projection(
      settings.share,
      await tools.projector(file.contrasts, settings),
    );
  },
});
