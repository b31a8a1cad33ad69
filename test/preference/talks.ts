import type { Interaction } from "../../src/interaction/types.js";
import type { Row } from "../../src/preference/index.js";

/** An interaction of one or two exchanges; equal `opening`s give equal first prompts. */
export function talk(id: string, reward: number | null, opening = id, exchanges = 2): Interaction {
  const turns = Array.from({ length: exchanges }, (_, exchange) => [
    { role: "user" as const, content: exchange === 0 ? opening : `${id} again` },
    { role: "assistant" as const, content: `${id} reply ${exchange}` },
  ]);
  return {
    id,
    round: 1,
    user: id,
    persona: "benign",
    situation: "s",
    messages: [{ role: "system", content: "help" }, ...turns.flat()],
    ratings: Array(exchanges).fill(reward === null ? null : reward / exchanges),
    reward,
    error: null,
  };
}

/** The kind of a row by what stands in it. */
export function shapeOf(row: Row): string {
  if ("chosen" in row) return "pair";
  return "label" in row ? "labelled" : "reply";
}
