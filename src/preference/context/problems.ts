import type { DefenceSettings } from "../../scenario/index.js";
import {
  type PromptPart,
  promptVariables,
  type SituationPack,
  templateProblem,
  variablesOf,
} from "../../situation/index.js";
import type { Row } from "../types.js";
import { systemOf } from "./rewrite.js";

/** What the prompts of a run's rows are made of: a pack's templates, or the rows of data files. */
type RowPrompts =
  | { from: "pack"; pack: Pick<SituationPack, "name" | "assistantParts" | "obliges"> }
  | { from: "files"; rows: readonly Pick<Row, "prompt" | "source">[] };

/** A stage that cannot act: its place in the list, the field of it that is to blame, and why. */
type ContextProblem = { index: number; field?: string; message: string };

/** Stages that would change nothing, by what is known before the run: it would look defended and not be. */
export function contextProblems(stages: readonly DefenceSettings[], prompts: RowPrompts): ContextProblem[] {
  let system: "own" | "dropped" | "replaced" =
    prompts.from === "pack" || hasSystem(prompts.rows) ? "own" : "dropped";
  const gone = new Set<PromptPart>();
  return stages.flatMap((stage, index): ContextProblem[] => {
    const wrong = (message: string, field?: string): ContextProblem => ({
      index,
      ...(field === undefined ? {} : { field }),
      message,
    });
    switch (stage.kind) {
      case "system_prompt": {
        const before = system;
        if (stage.action === "drop") system = "dropped";
        if (stage.action !== "replace")
          return stage.action === "drop" && before === "dropped"
            ? [wrong("there is no system prompt left to drop; leave the stage out", "action")]
            : [];
        system = "replaced";
        const problem = templateFault(stage.with!, prompts);
        return problem === null ? [] : [wrong(problem, "with")];
      }
      case "strip": {
        if (system !== "own")
          return [
            wrong(
              `nothing to strip: the system prompt is ${system} there; put strip before, or leave it out`,
            ),
          ];
        const faults = stage.parts.flatMap((part) => {
          const message = gone.has(part) ? `${part} is stripped already` : partFault(part, prompts);
          return message === null ? [] : [wrong(message, "parts")];
        });
        for (const part of stage.parts) gone.add(part);
        return faults;
      }
      case "inoculate":
        if (stage.into === "system") {
          if (system === "dropped") system = "replaced";
          return [];
        }
        return prompts.from === "files" &&
          !prompts.rows.some(({ prompt }) => prompt.some(({ role }) => role === "user"))
          ? [wrong("no row has a user's message to put the sentence into; use into: system", "into")]
          : [];
      case "agreement_penalty":
        return prompts.from === "pack" && !prompts.pack.obliges && !stage.phrases && stage.judge === "rule"
          ? [
              wrong(
                `the pack ${prompts.pack.name} does not say how a reply that obliges is told; give phrases, or a model as judge`,
              ),
            ]
          : [];
      case "replay":
      case "module":
        // Rows of others come in, whose prompts are their own.
        system = "own";
        return [];
      default:
        return [];
    }
  });
}

const hasSystem = (rows: readonly Pick<Row, "prompt">[]): boolean =>
  rows.some(({ prompt }) => systemOf(prompt) !== null);

function templateFault(source: string, prompts: RowPrompts): string | null {
  const problem = templateProblem(source, promptVariables);
  if (problem !== null || prompts.from === "pack") return problem;
  const [variable] = variablesOf(source);
  return variable === undefined
    ? null
    : `rows of data files have no {{ ${variable.name} }}: write the system prompt out, without variables`;
}

function partFault(part: PromptPart, prompts: RowPrompts): string | null {
  if (prompts.from === "files")
    return prompts.rows.some(({ source }) => source.parts?.[part] !== undefined)
      ? null
      : `nothing to strip: no row of the data says which text of its system prompt is the ${part}; add "parts": {"${part}": "that text"} to rows`;
  const { name, assistantParts } = prompts.pack;
  const known = assistantParts.find((one) => one.part === part);
  if (!known) {
    const parts = assistantParts.map((one) => one.part);
    const rest = parts.length === 0 ? "it tells nothing of the user" : `it tells ${parts.join(", ")}`;
    return `nothing to strip: the assistant's prompt of the pack ${name} does not tell the ${part}; ${rest}`;
  }
  if (known.optional) return null;
  return `the assistant's prompt of the pack ${name} does not say how it reads without the ${part}; put {% if ${part} %} ... {% endif %} around what tells it`;
}
