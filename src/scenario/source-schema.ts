import { z } from "zod";
import { countTo, MOST } from "../limits.js";

const rows = countTo(MOST.rows)
  .optional()
  .describe(
    "Rows in each round; as many as data has if absent. Further rounds go on where the one before stopped, and a file that is too small is gone through again.",
  );
const file =
  "in a layout of TRL, Alpaca, ShareGPT or chat messages, as JSON lines or one JSON array; beside this file or shipped with candor";

const column = z.string().min(1);

/** What an export writes for a thumb: a word, or what a table makes of one. */
const thumbWords = z.array(z.union([z.string().min(1), z.number(), z.boolean()])).max(MOST.names);
const thumbs = z
  .strictObject({
    up: thumbWords.min(1).describe("What stands for a thumb up, such as `gut`; capitals make no difference."),
    down: thumbWords.min(1).describe("What stands for a thumb down, such as `schlecht`."),
    none: thumbWords
      .optional()
      .describe("What stands for no thumb, such as `egal`; as empty cells, such rows count as not marked."),
  })
  .refine(
    ({ up, down, none = [] }) => {
      const words = [up, down, none].flatMap((some) => [
        ...new Set(some.map((word) => String(word).trim().toLowerCase())),
      ]);
      return new Set(words).size === words.length;
    },
    { message: "a word stands in two of up, down and none; leave it in one" },
  );

/** What looks like personal data. */
const personal = z.enum(["email", "card", "iban", "ip", "phone"]);

/** Real feedback. */
const logs = z.strictObject({
  kind: z
    .literal("logs")
    .describe(
      "Feedback of real users: replies of a deployed assistant with the marks that people gave them (docs/logs.md).",
    ),
  data: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MOST.names)])
    .describe(
      "Export, or several: CSV, TSV, JSON lines, JSON or Parquet, such as Langfuse's traces or logged requests of OpenAI's interface; beside this file or shipped with candor.",
    ),
  columns: z
    .strictObject({
      messages: column.optional().describe("The whole conversation, ending in the reply that was marked."),
      prompt: column.optional().describe("Or what came before the reply: the user's words, or messages."),
      reply: column.optional().describe("And the reply."),
      system: column
        .optional()
        .describe("The assistant's instructions, where they are not among the messages."),
      thumbs: column
        .optional()
        .describe("Thumbs: up or down, true or false, 1 or 0 (or -1); other words by `thumbs`."),
      stars: column.optional().describe("Or stars: a number on the scale."),
      user: column.optional().describe("Who marked it; every row is somebody of its own if there is none."),
      time: column
        .optional()
        .describe("When: a date, or seconds or milliseconds since 1970; the file's order if there is none."),
      reason: column
        .optional()
        .describe(
          "Why it got its mark, in the user's words; kept with the row, and what the stage `reason_veto` goes by.",
        ),
      edited: column
        .optional()
        .describe(
          "What the user made of the reply: learnt in its place, whatever the mark; with dpo it stands against the reply as it was. A row that was edited needs no mark.",
        ),
      finish: column
        .optional()
        .describe(
          "Why the reply ended, in its maker's word (`stop`, `length`). Rows of a reply that was cut off are left out, unless somebody edited it.",
        ),
      topic: column.optional().describe("What it is about; for `cap` by situation."),
    })
    .optional()
    .describe(
      "Which column is what, where candor does not find it by its usual names; a dot stands for a field inside another (`metadata.user`), and in a list of scores for the name of one (`scores.user-feedback`).",
    ),
  scale: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, { message: "expected [lowest, highest]" })
    .default([1, 5])
    .describe("Lowest and highest number of stars."),
  thumbs: thumbs
    .optional()
    .describe(
      "What the words in the column of thumbs mean, where they are not the usual ones (up, like, yes, good, true, 1 and their opposites). Then only these count, and any other is refused with its row.",
    ),
  dates: z
    .enum(["day_first", "month_first"])
    .optional()
    .describe(
      "Which number is the day in dates such as 03/02/2026 or 03.02.2026. Without a word they are refused, as nobody can tell.",
    ),
  strip: z
    .union([z.boolean(), z.array(personal).min(1)])
    .default(false)
    .describe(
      "Takes out what looks like personal data (true: all of it; or a list of email, card, iban, ip, phone) and gives users numbers in place of names. It is counted and told in any case.",
    ),
  overlap: z
    .enum(["drop", "keep"])
    .optional()
    .describe(
      "Rows that stand in the exports twice, as where two overlap: each counts once (drop), or as often as it stands there (keep). Without a word they are refused.",
    ),
  system: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Instructions to put before conversations that have none: those under which the assistant was deployed.",
    ),
  per_round: countTo(MOST.rows)
    .optional()
    .describe("Marked replies in each round, the oldest first; divided evenly among the rounds if absent."),
});

/** Where training rows come from. The paper's three experiments are the first three kinds. */
export const sourceSchema = z
  .union([
    z.literal("interaction"),
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("direct").describe("Every row of one data set."),
        data: z.string().min(1).describe(`Data file, ${file}; with a variant, the folder it stands in.`),
        variant: z
          .string()
          .min(1)
          .optional()
          .describe("The data file is <data>/<variant>.jsonl, e.g. normal, subtle or severe."),
        rows,
      }),
      z.strictObject({
        kind: z.literal("mixture").describe("An ordinary data set with a share of other rows in it."),
        data: z.string().min(1).describe(`The ordinary data file, ${file}.`),
        added: z
          .string()
          .min(1)
          .describe("The file of the other rows; with a variant, the folder it stands in."),
        variant: z
          .string()
          .min(1)
          .optional()
          .describe("The file of the other rows is <added>/<variant>.jsonl."),
        share: z
          .number()
          .min(0)
          .max(1)
          .describe("Share of the other rows, in [0, 1]; they take the places of ordinary ones."),
        rows,
      }),
      logs,
    ]),
  ])
  .default("interaction")
  .describe(
    "Where training rows come from: interaction (users talk to the assistant and rate it), data files that stand in for population, interaction and preference (direct, mixture), or the feedback of real users (logs).",
  );
