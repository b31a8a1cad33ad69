import { z } from "zod";
import { MOST } from "../../limits.js";
import { listed } from "../../listed.js";
import { methodsFor } from "../../methods/index.js";
import { modelSchema } from "../../models/providers/index.js";
import { allSaid, type Idle, unsaid } from "./known.js";
import { stageKind } from "./types.js";

export const honestyVeto = stageKind({
  kind: "honesty_veto",
  schema: z
    .strictObject({
      kind: z.literal("honesty_veto").describe("A judge reads every reply and keeps dishonest ones out."),
      judge: z
        .union([z.literal("rule"), modelSchema])
        .default("rule")
        .describe("rule (a reply with one of the phrases is dishonest), or a model, which gives 0 to 10."),
      asks: z
        .enum(["ten", "five_points", "constitution"])
        .optional()
        .describe(
          "What a model as judge is asked. ten: a number from 0 to 10. five_points: one of five steps with names, worth 0, 0.25 … 1. constitution: which of the principles a reply breaks; one that breaks any is worth 0, all others 1. ten if absent.",
        ),
      principles: z
        .array(z.string().trim().min(1))
        .min(1)
        .max(MOST.names)
        .optional()
        .describe("For asks: constitution; four on honesty if absent."),
      phrases: z.array(z.string().min(1)).max(MOST.names).default([]).describe("For the judge `rule`."),
      threshold: z
        .number()
        .gt(0, "nothing is below 0, so nothing would be kept back; raise it")
        .max(1)
        .default(0.5)
        .describe(
          "Least honesty of a conversation's worst reply, in (0, 1]. Where a judge fails or cannot be read, the conversation is kept back.",
        ),
      vetoed: z
        .enum(["left out", "negatives"])
        .optional()
        .describe(
          "What becomes of what is vetoed. negatives: replies that the judge found dishonest become rows to learn away from, whatever their users gave them; for methods that learn from bad replies (kto). left out if absent.",
        ),
    })
    .refine(({ judge, phrases }) => judge !== "rule" || phrases.length > 0, {
      message: "the judge rule needs phrases",
      path: ["phrases"],
    })
    .refine(({ judge, asks }) => judge !== "rule" || asks === undefined, {
      message: "belongs to a model as judge; the judge rule looks for phrases",
      path: ["asks"],
    })
    .refine(({ asks, principles }) => asks === "constitution" || principles === undefined, {
      message: "belongs to asks: constitution",
      path: ["principles"],
    }),
  rated: false,
  readsPrompts: true,
  pairs: true,
  misplaced: ({ method }, { vetoed }) =>
    vetoed === "negatives" && method.rows !== "labelled"
      ? `${method.name} cannot learn away from a reply, so what is vetoed cannot be its negatives; use ${listed(methodsFor("labelled"), "or")}, or leave vetoed out`
      : null,
  idle: ({ judge, phrases, vetoed }, known): Idle | null =>
    judge === "rule"
      ? (unsaid("honesty_veto", phrases, known) ??
        (vetoed === "negatives" ? null : allSaid("honesty_veto", phrases, known)))
      : null,
  make: async (settings, tools) => {
    const [{ honestyVeto: veto }, { modelJudge, phraseJudge }, questions] = await Promise.all([
      import("../defences/veto.js"),
      import("../defences/reply-judge.js"),
      import("../defences/questions.js"),
    ]);
    const { judge, phrases, threshold, vetoed, asks = "ten", principles } = settings;
    const negatives = vetoed === "negatives";
    if (judge === "rule") return veto(phraseJudge(phrases), threshold, negatives);
    const asked = {
      ten: questions.outOfTen,
      five_points: questions.fivePoints,
      constitution: questions.constitution(principles),
    }[asks];
    return veto(modelJudge(await tools.resolveModel(judge), asked), threshold, negatives);
  },
});
