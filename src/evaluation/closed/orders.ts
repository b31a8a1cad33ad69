import { uniform } from "../../random.js";

/** Which of the answers a question of yes and no names first. */
export type AnswerOrder = "yes or no" | "no or yes";

/**
 * Which order each unit (a pair, or a probe without one) is asked in: of every group half the units one way and half the other, the
 * odd one with yes first. Drawn by the units' names, so that it is the same in every round; drawn for each by itself, one kind of
 * probe could have two in three one way, and a leaning to what is named first would pass for a difference between kinds.
 */
export function answerOrders(units: readonly { unit: string; group: string }[]): Map<string, AnswerOrder> {
  const groups = new Map<string, Set<string>>();
  for (const { unit, group } of units) groups.set(group, (groups.get(group) ?? new Set()).add(unit));
  return new Map(
    [...groups.values()].flatMap((members) => {
      const drawn = [...members]
        .map((unit) => ({ unit, draw: uniform(`closed/order/${unit}`) }))
        .sort((one, other) => one.draw - other.draw);
      return drawn.map(({ unit }, index): [string, AnswerOrder] => [
        unit,
        index < Math.ceil(drawn.length / 2) ? "yes or no" : "no or yes",
      ]);
    }),
  );
}
