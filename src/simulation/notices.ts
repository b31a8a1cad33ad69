import { disabled, floorWords } from "../drift/index.js";
import { readingWords } from "../evaluation/index.js";
import type { RoundSummary } from "../runs/index.js";

/** What people must know before they believe a run's numbers, from its round 0: a sentence each. */
export function noticesOf({
  floor = [],
  readings = {},
  checks,
}: Pick<RoundSummary, "floor" | "readings" | "checks">): string[] {
  return [
    ...(checks?.warnings ?? []),
    ...disabled(floor).map(floorWords),
    ...Object.values(readings)
      .filter(({ left_out }) => left_out.length > 0)
      .map(readingWords),
  ];
}
