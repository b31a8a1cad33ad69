import { findNamed } from "../models/providers/index.js";
import { checkedPart, didYouMean, type Problem } from "../yaml/index.js";
import { looksInside } from "./defence-rules.js";
import { scenarioSchema } from "./schema.js";

/** What asks for hidden states of a model that tells none, or under the pressure of probes that nobody puts. Takes the value as written. */
export function dispositionProblems(value: unknown): Problem[] {
  return [...lookProblems(value), ...stageProblems(value), ...withinProblems(value)];
}

/** Points within a round that nobody takes. */
function withinProblems(value: unknown): Problem[] {
  const evaluation = checkedPart(scenarioSchema, value, ["evaluation"]);
  const training = checkedPart(scenarioSchema, value, ["training"]);
  if (!evaluation?.within || !training || training.save_steps !== undefined) return [];
  const message =
    "nothing is evaluated within a round without training.save_steps; set it, or leave within out";
  return [{ path: ["evaluation", "within"], message, at: "key" }];
}

/** Stages that look into the assistant. */
function stageProblems(value: unknown): Problem[] {
  const preference = checkedPart(scenarioSchema, value, ["preference"]);
  const why = hiddenProblem(value);
  if (why === null || !preference) return [];
  return looksInside(preference.defences).map(({ index, kind }) => ({
    path: ["preference", "defences", index],
    message: `${why}, or leave ${kind} out`,
    at: "value",
  }));
}

function lookProblems(value: unknown): Problem[] {
  const evaluation = checkedPart(scenarioSchema, value, ["evaluation"]);
  if (!evaluation?.disposition) return [];
  const path = ["evaluation", "disposition"];
  const { suite } = evaluation.disposition;
  const names = Object.keys(evaluation.suites);
  const unknown: Problem[] = names.includes(suite)
    ? []
    : [
        {
          path: [...path, "suite"],
          message: `"${suite}" is not among evaluation.suites${didYouMean(suite, names)}`,
          at: "key",
        },
      ];
  const why = hiddenProblem(value);
  return why === null
    ? unknown
    : [{ path, message: `${why}, or leave disposition out`, at: "key" }, ...unknown];
}

/** Why the assistant's hidden states cannot be had; null where they can. */
function hiddenProblem(value: unknown): string | null {
  const assistant = checkedPart(scenarioSchema, value, ["models", "assistant"]);
  // Who brings models of their own says so at the run.
  const found = assistant === undefined ? null : findNamed(assistant);
  if (!found || found.provider.embedded) return null;
  return `${found.name} tells no hidden states: use minnow or hf:<folder> as models.assistant`;
}
