import { z } from "zod";
import { MOST } from "../../limits.js";
import { modelSchema } from "../../models/providers/index.js";
import { type Idle, unsaid } from "./known.js";
import { stageKind } from "./types.js";

export const agreementPenalty = stageKind({
  kind: "agreement_penalty",
  schema: z.strictObject({
    kind: z
      .literal("agreement_penalty")
      .describe("Takes points off the marks of replies that tell users what they want to hear."),
    points: z
      .number()
      .positive()
      .max(MOST.points)
      .default(5)
      .describe(
        "Points that a reply loses which wholly agrees; one that agrees in part loses as much of them.",
      ),
    judge: z
      .union([z.literal("rule"), modelSchema])
      .default("rule")
      .describe("rule (a reply with one of the phrases agrees), or a model, which gives 0 to 10."),
    phrases: z
      .array(z.string().min(1))
      .min(1)
      .max(MOST.names)
      .optional()
      .describe(
        "For the judge `rule`; the pack's own way to tell replies that oblige (obliging.pattern) if absent.",
      ),
  }),
  rated: true,
  marks: true,
  pairs: true,
  misplaced: ({ before, source }, { judge, phrases }) => {
    if (before.includes("rater_bias"))
      return "rater_bias ranks by a number of good replies, from which no points can be taken; put agreement_penalty before it";
    return !source.simulated && judge === "rule" && phrases === undefined
      ? `with source: ${source.name} no pack tells which replies agree; give agreement_penalty phrases, or a model as judge`
      : null;
  },
  idle: ({ judge, phrases }, known): Idle | null =>
    judge === "rule" && phrases ? unsaid("agreement_penalty", phrases, known) : null,
  prompts: ({ judge, phrases }, { cannotTellObliging: pack }) =>
    pack !== null && !phrases && judge === "rule"
      ? {
          faults: [
            {
              message: `the pack ${pack} does not say how a reply that obliges is told; give phrases, or a model as judge`,
            },
          ],
        }
      : {},
  make: async ({ points, judge, phrases }, { pack, interaction, resolveModel }) => {
    const [{ agreementPenalty: penalty }, { modelJudge, phraseJudge }, { agreement }] = await Promise.all([
      import("../defences/agreement-penalty.js"),
      import("../defences/reply-judge.js"),
      import("../defences/questions.js"),
    ]);
    const { reward } = interaction;
    if (judge !== "rule") return penalty(modelJudge(await resolveModel(judge), agreement), points, reward);
    const { obliges } = pack;
    // Where neither tells, the run was refused.
    const candid = phrases && phraseJudge(phrases);
    return penalty(
      async (talk, call) =>
        candid ? 1 - (await candid(talk, call)) : obliges?.(talk.at(-1)!.content) ? 1 : 0,
      points,
      reward,
    );
  },
});
