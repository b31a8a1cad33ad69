import { z } from "zod";
import { stageKind } from "./types.js";

const text = z.string().trim().min(1);

/** Changes what the prompts of training rows say and nothing else: what users met, what they rated and what probes ask stay. */
export const systemPrompt = stageKind({
  kind: "system_prompt",
  schema: z
    .strictObject({
      kind: z
        .literal("system_prompt")
        .describe("Keeps, drops or replaces the assistant's system prompt, in training rows alone."),
      action: z
        .enum(["keep", "drop", "replace"])
        .describe("keep: as it was. drop: rows have none. replace: all rows have the one in `with`."),
      with: text
        .optional()
        .describe(
          "For replace: a Jinja template with the variables of the pack's prompts; for data files a text without any.",
        ),
    })
    .refine(({ action, with: other }) => (action === "replace") === (other !== undefined), {
      message: "belongs to replace, which needs it",
      path: ["with"],
    }),
  rated: false,
  pairs: true,
  prompts: ({ action, with: other }, { system, templateFault }) => {
    if (action === "keep") return {};
    if (action === "drop")
      return system === "dropped"
        ? {
            faults: [
              { message: "there is no system prompt left to drop; leave the stage out", field: "action" },
            ],
          }
        : { system: "dropped", change: "drops" };
    const message = templateFault(other!);
    return {
      system: "replaced",
      change: "replaces",
      faults: message === null ? [] : [{ message, field: "with" }],
    };
  },
  make: async (settings, tools) =>
    (await import("../context/system-prompt.js")).systemPrompt(settings, tools),
});
