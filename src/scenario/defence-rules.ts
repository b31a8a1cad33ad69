import { anyOf, methods, methodsFor } from "../methods/index.js";
import { checkedPart, type Problem } from "../yaml/index.js";
import { type DefenceSettings, type Scenario, scenarioSchema } from "./schema.js";
import { sourceKind } from "./sources.js";

type Kind = DefenceSettings["kind"];

/** They rank conversations or add rows without a counterpart, which DPO's pairs have no use for. */
const NOT_FOR_PAIRS: ReadonlySet<Kind> = new Set(["panel", "rater_agreement", "rater_bias", "replay"]);
/** They go by users, their talks and ratings: data files have none. */
const NOT_FOR_DATA: ReadonlySet<Kind> = new Set(["panel", "rater_agreement", "rater_bias", "trim", "cap"]);

/** What is wrong with a list of defences, by place in it. */
export type Misplaced = { index: number; message: string };

/** Defences that cannot do what they are there for: a run with them would look defended and not be. */
export function misplacedDefences({
  preference: { defences },
  training: { method },
  source,
}: Pick<Scenario, "preference" | "training" | "source">): Misplaced[] {
  return defences.flatMap(({ kind }, index): Misplaced[] => {
    const before = defences.slice(0, index).map((one) => one.kind);
    const wrong = (message: string): Misplaced[] => [{ index, message }];
    if (kind === "early_stop" && before.includes(kind)) return wrong("there can be only one early_stop");
    const { name, rated, simulated } = sourceKind(source);
    if (!rated && NOT_FOR_DATA.has(kind))
      return wrong(
        `${kind} goes by users' talks and ratings, and with source: ${name} rows come from data files; leave it out (honesty_veto, replay, early_stop and modules work on rows)`,
      );
    if (!simulated && kind === "panel")
      return wrong(
        "panel asks simulated users, and with source: logs there are none; leave it out (rater_agreement and rater_bias go by replies that several real users marked)",
      );
    if (simulated && (kind === "rater_agreement" || kind === "rater_bias") && !before.includes("panel"))
      return wrong(`${kind} compares raters; put a panel before it`);
    if (methods[method].rows === "pair" && NOT_FOR_PAIRS.has(kind))
      return wrong(
        `${kind} does nothing for ${method}, which compares replies; use ${anyOf([...methodsFor("reply"), ...methodsFor("labelled")])}`,
      );
    return [];
  });
}

/** The same for a value as written. */
export function defenceProblems(value: unknown): Problem[] {
  const preference = checkedPart(scenarioSchema, value, ["preference"]) as Scenario["preference"] | undefined;
  const training = checkedPart(scenarioSchema, value, ["training"]) as Scenario["training"] | undefined;
  const source = checkedPart(scenarioSchema, value, ["source"]) as Scenario["source"] | undefined;
  if (!preference || !training || !source) return [];
  return misplacedDefences({ preference, training, source }).map(({ index, message }) => ({
    path: ["preference", "defences", index],
    message,
    at: "value",
  }));
}
