import { listed } from "../listed.js";
import { methods, methodsFor } from "../methods/index.js";
import type { ModelSpec } from "../models/index.js";
import { stageKinds, stageOf } from "../preference/stages/index.js";
import { checkedPart, type Problem } from "../yaml/index.js";
import { type DefenceSettings, type Scenario, scenarioSchema } from "./schema.js";
import { sourceKind } from "./sources.js";

/** The model that a stage asks for its verdicts; null where it asks none. */
export function stageJudge(settings: DefenceSettings): ModelSpec | null {
  return "judge" in settings && settings.judge !== "rule" ? settings.judge : null;
}

/** What is wrong with a list of defences, by place in it. */
export type Misplaced = { index: number; message: string };

/** Stages that data files have use for. */
const ON_ROWS = listed(
  stageKinds
    .map(({ kind }) => stageOf(kind))
    .flatMap(({ kind, called = kind, rated }) => (rated ? [] : [called])),
);

/** Defences that cannot do what they are there for: a run with them would look defended and not be. */
export function misplacedDefences({
  preference: { defences, top },
  training: { method },
  source,
  interaction,
}: Pick<Scenario, "preference" | "training" | "source"> & {
  interaction?: Pick<Scenario["interaction"], "feedback">;
}): Misplaced[] {
  return defences.flatMap((settings, index): Misplaced[] => {
    const { kind } = settings;
    const stage = stageOf(kind);
    const { name, rated, simulated } = sourceKind(source);
    const wrong = (message: string): Misplaced[] => [{ index, message }];
    if (stage.rated && !rated)
      return wrong(
        `${kind} goes by users' talks and ratings, and with source: ${name} rows come from data files; leave it out (${ON_ROWS} work on rows)`,
      );
    if (stage.marks && interaction?.feedback === "choices")
      return wrong(
        `${kind} goes by marks, and users who choose give none; leave it out, or use feedback: marks`,
      );
    const kinds = defences.map((one) => one.kind);
    const [before, after] = [kinds.slice(0, index), kinds.slice(index + 1)];
    const place = stage.misplaced?.(
      { before, after, source: { name, simulated }, method: methods[method] },
      settings,
    );
    if (place) return wrong(place);
    if (!stage.pairs && methods[method].rows === "pair")
      return wrong(
        `${kind} does nothing for ${method}, which compares replies; use ${listed([...methodsFor("reply"), ...methodsFor("labelled")], "or")}`,
      );
    if (stage.ranks && methods[method].from === "all")
      return wrong(
        `${kind} does nothing for ${method}, which learns from all conversations and not from those that rank highest; leave it out`,
      );
    // Of real feedback what was marked below the middle is not learnt, however much is asked for.
    if (stage.ranks && simulated && top === 1 && methods[method].from === "best")
      return wrong(
        `${kind} does nothing with preference.top: 1, by which all conversations are learnt from and not those that rank highest; lower it, or leave ${kind} out`,
      );
    return [];
  });
}

/** What is wrong with the defences of a scenario as it is written. */
export function defenceProblems(value: unknown): Problem[] {
  const preference = checkedPart(scenarioSchema, value, ["preference"]);
  const training = checkedPart(scenarioSchema, value, ["training"]);
  const source = checkedPart(scenarioSchema, value, ["source"]);
  const interaction = checkedPart(scenarioSchema, value, ["interaction"]);
  if (!preference || !training || !source) return [];
  return misplacedDefences({ preference, training, source, ...(interaction ? { interaction } : {}) }).map(
    ({ index, message }) => ({
      path: ["preference", "defences", index],
      message,
      at: "value",
    }),
  );
}

/** Stages that need the assistant's hidden states, by place in the list. */
export function looksInside(defences: Scenario["preference"]["defences"]): { index: number; kind: string }[] {
  return defences.flatMap(({ kind }, index) => (stageOf(kind).hidden ? [{ index, kind }] : []));
}
