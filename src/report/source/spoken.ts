import type { Scenario } from "../../scenario/index.js";

/** What is said where data files stand in for users: the share is of rows then. In this order. */
const OF_ROWS: readonly (readonly [RegExp, string])[] = [
  [/\bWith benign users only\b/gu, "Without misaligned rows"],
  [/\bwith benign users only\b/gu, "without misaligned rows"],
  [/\bBiased users\b/gu, "Misaligned rows"],
  [/\bbiased users\b/gu, "misaligned rows"],
  [/(?<=\d %) biased\b/gu, " misaligned"],
  [/\btraining conversations\b/gu, "training rows"],
  [/\b([Tt]he same) users and (?:the same )?probes\b/gu, "$1 probes"],
  [/\bUnder the same users and seeds\b/gu, "Under the same seeds"],
];

/** Puts texts of ours, wherever they stand in a value, into the words that fit. */
export type Speak = <T>(value: T) => T;

/** Puts a report's texts, wherever they stand in a value, into the words of where the training rows came from. */
export function spokenFor({ source }: Pick<Scenario, "source">): Speak {
  if (source === "interaction") return (value) => value;
  const reword = (value: unknown): unknown => {
    if (typeof value === "string")
      return OF_ROWS.reduce((text, [pattern, words]) => text.replace(pattern, words), value);
    if (Array.isArray(value)) return value.map(reword);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reword(part)]));
  };
  return <T>(value: T) => reword(value) as T;
}
