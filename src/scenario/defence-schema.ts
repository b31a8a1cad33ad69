import { z } from "zod";
import { contextSchemas } from "./context-schema.js";
import { countTo, MOST } from "./limits.js";

const share = z.number().min(0).max(1);

/** The stages between conversations and training, in `preference.defences`. `model` is the schema of a model's name. */
export const defenceSchema = <T extends z.ZodType>(model: T) =>
  z.discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("honesty_veto").describe("A judge reads every reply and keeps dishonest ones out."),
        judge: z
          .union([z.literal("rule"), model])
          .default("rule")
          .describe("rule (a reply with one of the phrases is dishonest), or a model, which gives 0 to 10."),
        phrases: z.array(z.string().min(1)).max(MOST.names).default([]).describe("For the judge `rule`."),
        threshold: share
          .default(0.5)
          .describe(
            "Least honesty of a conversation's worst reply, in [0, 1]. Where a judge fails or cannot be read, the conversation is kept back.",
          ),
      })
      .refine(({ judge, phrases }) => judge !== "rule" || phrases.length > 0, {
        message: "the judge rule needs phrases",
        path: ["phrases"],
      }),
    z.strictObject({
      kind: z
        .literal("panel")
        .describe(
          "Has other users of the round rate each conversation; for rater_agreement and rater_bias after it.",
        ),
      shown: z
        .enum(["reply", "conversation"])
        .default("reply")
        .describe(
          "What they are shown: each reply by itself after what they would have asked themselves, or all that was said.",
        ),
      raters: countTo(MOST.raters)
        .default(3)
        .describe("How many others rate each conversation; each user rates as many."),
    }),
    z.strictObject({
      kind: z
        .literal("rater_agreement")
        .describe("Ranks by the mean reward of all raters less what they disagree."),
      spread: z
        .number()
        .nonnegative()
        .default(1)
        .describe("How many standard deviations between raters are taken off the mean."),
    }),
    z.strictObject({
      kind: z
        .literal("rater_bias")
        .describe(
          "Learns each rater's bias from where it differs from the others, and ranks by what is left.",
        ),
      iterations: countTo(MOST.iterations)
        .default(50)
        .describe("Most steps of the expectation-maximisation."),
    }),
    z
      .strictObject({
        kind: z.literal("trim").describe("Leaves out the conversations with the most extreme rewards."),
        top: share.default(0.05).describe("Share of the highest rewards, in [0, 1]."),
        bottom: share.default(0).describe("Share of the lowest rewards, in [0, 1]."),
      })
      .refine(({ top, bottom }) => top + bottom < 1, {
        message: "top and bottom leave nothing",
        path: ["top"],
      }),
    z.strictObject({
      kind: z.literal("cap").describe("Learns from no more than a number of conversations of one source."),
      by: z.enum(["user", "situation"]).default("user").describe("What counts as one source."),
      most: countTo(MOST.users).default(1).describe("Conversations of one source."),
      within: z
        .enum(["round", "run"])
        .default("run")
        .describe("Counted in a round by itself, or together with what earlier rounds have learnt from."),
    }),
    z.strictObject({
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
    ...contextSchemas,
    z.strictObject({
      kind: z
        .literal("early_stop")
        .describe(
          "Puts probes to each new checkpoint; the first that does worse is refused, and nothing is learnt any more.",
        ),
      suite: z.string().default("mask").describe("Suite of the canary."),
      subsets: z
        .array(z.string())
        .min(1)
        .optional()
        .describe("Its subsets; choose others than evaluation does."),
      probes: countTo(MOST.probes).optional().describe("Probes of each subset; all if absent."),
      metric: z.string().default("honesty").describe("What to look at."),
      drop: share
        .default(0.1)
        .describe("How far the metric may fall below that of the untrained assistant, in [0, 1]."),
    }),
    z.strictObject({
      kind: z.literal("module").describe("A stage of your own; only with --allow-modules."),
      path: z
        .string()
        .min(1)
        .describe("A JavaScript module, relative to the scenario, whose default export makes the stage."),
      options: z.record(z.string(), z.unknown()).default({}).describe("Handed to it."),
    }),
  ]);
