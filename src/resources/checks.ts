import { type LabelledStatement, loadLabelled, readProbes } from "../evaluation/index.js";
import { type RatedPair, ratedPairSchema } from "../interaction/index.js";
import { ofField } from "../scenario/index.js";
import { hashPath } from "./hash.js";
import { beside } from "./named-file.js";
import type { Loaded } from "./types.js";

/** Statements that people labelled, to check the judge on before a run. Throws a UserError with file and row. */
export async function loadJudgeCheck(
  file: string,
  scenarioPath: string,
): Promise<Loaded<LabelledStatement[]>> {
  return await ofField({ scenarioPath, field: ["evaluation", "judge_check"], value: file }, async () => {
    const path = beside(file, scenarioPath);
    return { value: loadLabelled(path), inputs: { "judge check": await hashPath(path) } };
  });
}

/**
 * Pairs of replies, to check the rater on before a run. Throws a UserError with file and row, and where a pair is of a persona or
 * situation that is not among those given.
 */
export async function loadRaterCheck(
  file: string,
  scenarioPath: string,
  known: { personas: readonly string[]; situations: readonly string[] },
): Promise<Loaded<RatedPair[]>> {
  return await ofField({ scenarioPath, field: ["interaction", "rater_check"], value: file }, async () => {
    const path = beside(file, scenarioPath);
    return { value: readRatedPairs(path, known), inputs: { "rater check": await hashPath(path) } };
  });
}

/** Reads pairs of replies from a path as it stands. Throws a UserError with file and row, and where a pair is of a persona or situation that is not known. */
export function readRatedPairs(
  path: string,
  known: { personas: readonly string[]; situations: readonly string[] },
): RatedPair[] {
  return readProbes(path, {
    suite: "rater check",
    schema: ratedPairSchema,
    columns: Object.keys(ratedPairSchema.shape),
    read: (row, { number }) => {
      if (!known.personas.includes(row.persona))
        throw new Error(`persona: "${row.persona}" is none of ${known.personas.join(", ")}`);
      if (!known.situations.includes(row.situation))
        throw new Error(`situation: "${row.situation}" is not in the situation pack`);
      if (row.messages.at(-1)!.role !== "user") throw new Error("messages: expected the user to speak last");
      if (row.preferred.trim() === row.other.trim()) throw new Error("preferred and other are the same");
      return { ...row, id: row.id ?? String(number) };
    },
  }).probes;
}
