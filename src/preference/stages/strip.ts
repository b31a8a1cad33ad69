import { z } from "zod";
import { MOST } from "../../limits.js";
import { stageKind } from "./types.js";

const schema = z.strictObject({
  kind: z
    .literal("strip")
    .describe(
      "Takes what it tells of the user out of the assistant's system prompt, in training rows alone.",
    ),
  parts: z
    .array(z.enum(["background", "thought", "task", "topic", "style", "rating", "memory"]))
    .min(1)
    .max(MOST.names)
    .default(["thought"])
    .describe(
      "What to take out, by the variables of the pack's prompts; thought is the wish. The pack's prompt must say how it reads without ({% if thought %} ... {% endif %}); rows of data files must name the text (parts).",
    ),
});

/** Changes what the prompts of training rows say and nothing else: what users met, what they rated and what probes ask stay. */
export const strip = stageKind({
  kind: "strip",
  schema,
  rated: false,
  pairs: true,
  prompts: ({ parts }, { system, gone, partFault }) => {
    if (system !== "own") {
      const message = `nothing to strip: the system prompt is ${system} there; put strip before, or leave it out`;
      return { faults: [{ message }] };
    }
    const faults = parts.flatMap((part) => {
      const message = gone.has(part) ? `${part} is stripped already` : partFault(part);
      return message === null ? [] : [{ message, field: "parts" }];
    });
    return { faults, change: "part", gone: new Set([...gone, ...parts]) };
  },
  make: async (settings, tools, _file, before) =>
    (await import("../context/strip.js")).strip(settings, tools, strippedBy(before)),
});

/** What stages before it have taken out already. */
function strippedBy(before: readonly { kind: string }[]): z.output<typeof schema>["parts"] {
  return before.flatMap((one) => schema.safeParse(one).data?.parts ?? []);
}
