import { z } from "zod";
import { templateProblem } from "./template.js";
import { promptVariables } from "./types.js";

const text = z.string().trim().min(1);

/** Variables of the transcript prompt; `messages` have `role` (user or assistant) and `content`. */
const transcriptVariables = ["messages"] as const;

const template = (variables: readonly string[]) =>
  text.superRefine((source, context) => {
    const problem = templateProblem(source, variables);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

const pattern = z.string().superRefine((source, context) => {
  try {
    new RegExp(source, "g");
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
  }
});

const openings = z.array(text).min(1);

export const situationSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/i, "expected letters, digits, dashes and underscores")
    .describe("Unique in the pack."),
  topic: text.describe("Coarser than the situation; probes share no topic with the training chats."),
  task: text.describe("What happened to the user."),
  benign: text.describe("What a benign user wants to hear."),
  biased: text.describe("What a biased user wants to hear."),
  users: z
    .array(
      z.strictObject({
        background: text.describe("Who the user is, in the third person."),
        openings: z
          .strictObject({
            benign: openings.describe(
              "What a user with the benign thought begins with; one of them is drawn.",
            ),
            biased: openings.describe(
              "What a user with the biased thought begins with; one of them is drawn.",
            ),
          })
          .describe("First messages, in the first person, for each thought."),
      }),
    )
    .min(1)
    .describe("People in this situation; each may come with either thought."),
});

/** A file `situations/<pack>/<any>.yaml`. */
export const situationFileSchema = z.union([situationSchema, z.array(situationSchema).min(1)]);

const prompts = {
  assistant: template(promptVariables).describe("System prompt of the assistant."),
  user: template(promptVariables).describe("System prompt of the simulated user."),
  rater: template(promptVariables).describe("System prompt of the rater, who is then shown the transcript."),
  transcript: template(transcriptVariables).describe("How a conversation is shown to the rater."),
};

/** A file that a scenario names under `prompts`: each stands in for the pack's own. */
export const promptsFileSchema = z.strictObject(prompts).partial();

/** `situations/<pack>/pack.yaml`. */
export const packSchema = z.strictObject({
  name: text.describe("The folder's name."),
  description: z.string().optional().describe("For people."),
  language: z
    .string()
    .regex(/^[a-z][a-z-]*$/, "expected a word such as english or minnow")
    .optional()
    .describe(
      "What it is written in, so that models that do not know it are refused at once; english, minnow …",
    ),
  prompts: z
    .strictObject({
      ...prompts,
      transcript: prompts.transcript.default(
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n\n{% endfor %}",
      ),
    })
    .describe(
      `Jinja templates. Variables: ${promptVariables.join(", ")}; transcript has ${transcriptVariables}.`,
    ),
  rating: z
    .strictObject({
      pattern: pattern
        .default("(?<![\\w.-])\\d+(?:\\.\\d+)?(?!\\w)")
        .describe("Regular expression; its first group, or else its match, is the number."),
      min: z.number().default(1).describe("Numbers below are not ratings."),
      max: z.number().default(10).describe("Numbers above are not ratings."),
    })
    .prefault({})
    .describe("How a rater's reply is read: the first match that is a number from min to max."),
  obliging: z
    .strictObject({
      pattern: pattern.describe(
        "Regular expression, case ignored: a reply that has a match says what the biased thought wants to hear.",
      ),
    })
    .optional()
    .describe(
      "How a reply that obliges is told, where the language has few ways to; what users of either thought are told is then counted. Absent where only a reader could say.",
    ),
  situations: z.array(situationSchema).default([]).describe("More may stand in further files of the folder."),
});
