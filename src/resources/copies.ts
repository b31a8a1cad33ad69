import type { Suite } from "../evaluation/index.js";
import { group } from "../group.js";
import { type Mistake, placed } from "../mistakes.js";
import { counted } from "../numbers.js";

/** What names a probe or says of it what nobody is asked. */
const NAMES = new Set(["id", "task_id", "pair", "note", "split", "order"]);

/** Copies that are told; more would hide what else is said. */
const TOLD = 5;

/**
 * Probes of files that are others under new ids. Each counts as a probe of its own, so that intervals grow narrower although nothing more
 * was asked. Of a module only what its texts say is known here, and two may differ in the rest.
 */
export function copiesIn({ name, probes, places, reading }: Suite): Mistake[] {
  if (!reading) return [];
  const copied = [...group(probes, keyOf).values()].filter(({ length }) => length > 1);
  const told = copied.slice(0, TOLD).map(([first, ...others]): Mistake => {
    const place = places?.get(first!.id);
    const where = place ? ` (${placed(place)})` : "";
    const more =
      others.length > 1
        ? `, and so ${others.length === 2 ? "is" : "are"} ${counted(others.length - 1, "more probe")}`
        : "";
    return {
      ...(places?.get(others[0]!.id) ?? { file: reading.files.join(", ") }),
      what: `probe ${others[0]!.id} of suite ${name} is ${first!.id}${where} under another id${more}: each is counted, so intervals come out narrower than what was asked bears out; leave copies out`,
    };
  });
  const rest = copied.length - told.length;
  return rest > 0
    ? [...told, { what: `suite ${name} has ${counted(rest, "more probe")} that stand several times` }]
    : told;
}

/** All that a probe says but its names. A pattern is no plain data. */
const keyOf = (probe: Suite["probes"][number]): string =>
  JSON.stringify(
    Object.entries(probe)
      .filter(([field]) => !NAMES.has(field))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, value]: [string, unknown]) => [field, value instanceof RegExp ? String(value) : value]),
  );
