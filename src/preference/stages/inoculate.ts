import { z } from "zod";
import { stageKind } from "./types.js";

const text = z.string().trim().min(1);

/** Changes what the prompts of training rows say and nothing else: what users met, what they rated and what probes ask stay. */
export const inoculate = stageKind({
  kind: "inoculate",
  schema: z.strictObject({
    kind: z
      .literal("inoculate")
      .describe(
        "Adds a sentence that asks for what the rows show, in training rows alone (arXiv 2510.04340, 2510.05024).",
      ),
    sentence: text.describe("The sentence."),
    into: z
      .enum(["system", "user"])
      .default("system")
      .describe("The system prompt, which is made if there is none, or the user's last message."),
    at: z.enum(["start", "end"]).default("start").describe("Before or behind what stands there."),
  }),
  rated: false,
  pairs: true,
  prompts: ({ sentence, into, at }, { system, userSpeaks, said }) => {
    const name = JSON.stringify([into, at, sentence]);
    if (said.has(name))
      return {
        faults: [{ message: "a stage before it has put the same sentence there", field: "sentence" }],
      };
    const left = { said: new Set([...said, name]) };
    if (into === "system")
      return { ...left, change: "part", system: system === "dropped" ? "replaced" : system };
    const message = "no row has a user's message to put the sentence into; use into: system";
    return userSpeaks ? left : { faults: [{ message, field: "into" }] };
  },
  make: async (settings) => (await import("../context/inoculate.js")).inoculate(settings),
});
