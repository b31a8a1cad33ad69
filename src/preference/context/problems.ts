import type { DefenceSettings } from "../../scenario/index.js";
import {
  type PromptPart,
  promptVariables,
  type SituationPack,
  templateProblem,
  variablesOf,
} from "../../situation/index.js";
import { stageOf } from "../stages/index.js";
import type { Idle, PromptsThere } from "../stages/known.js";
import type { Row } from "../types.js";
import { systemOf } from "./rewrite.js";

/** What the prompts of a run's rows are made of: a pack's templates, or the rows of data files. */
type RowPrompts =
  | { from: "pack"; pack: Pick<SituationPack, "name" | "assistantParts" | "obliges"> }
  | { from: "files"; rows: readonly Pick<Row, "prompt" | "source">[] };

/** Stages that would change nothing, by what is known before the run, each by its place: it would look defended and not be. */
export function contextProblems(
  stages: readonly DefenceSettings[],
  prompts: RowPrompts,
): (Idle & { index: number })[] {
  let there = promptsThere(prompts);
  // Stages whose work on the system prompt nothing has gone by yet.
  let standing: number[] = [];
  return stages.flatMap((stage, index) => {
    const { prompts: left, readsPrompts } = stageOf(stage.kind);
    const { faults = [], change, ...rest } = left?.(stage, there) ?? {};
    there = { ...there, ...rest };
    if (readsPrompts) standing = [];
    if (faults.length > 0 || !change) return faults.map((fault) => ({ index, ...fault }));
    const undone = change === "part" ? [] : standing.map((at) => undoing(at, change, index));
    standing = change === "part" ? [...standing, index] : [index];
    return undone;
  });
}

const undoing = (index: number, change: "drops" | "replaces", by: number) => ({
  index,
  message: `nothing of it would be left: preference.defences[${by}] behind it ${change} the whole system prompt of every row; put it behind that, or leave it out`,
});

function promptsThere(prompts: RowPrompts): PromptsThere {
  const inPack = prompts.from === "pack";
  return {
    from: prompts.from,
    system: inPack || hasSystem(prompts.rows) ? "own" : "dropped",
    gone: new Set(),
    said: new Set(),
    userSpeaks: inPack || prompts.rows.some(({ prompt }) => prompt.some(({ role }) => role === "user")),
    cannotTellObliging: inPack && !prompts.pack.obliges ? prompts.pack.name : null,
    templateFault: (source) => templateFault(source, prompts),
    partFault: (part) => partFault(part, prompts),
  };
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
