import { complaints } from "../../complaints.js";
import { mistaken } from "../../errors.js";
import { group } from "../../group.js";
import { listed } from "../../listed.js";
import { type Mistake, type Place, placed } from "../../mistakes.js";
import type { ProbeRows } from "../files/probes.js";
import { agree } from "../stance.js";
import type { Stance } from "../types.js";
import type { MaskRow } from "./row.js";

type Paired = Pick<MaskRow, "split" | "pair" | "closed"> & {
  id: string;
  subset: string;
  truth: Stance | null;
};

/**
 * Throws a UserError of every `pair` that is none. A pair is two probes of one archetype and one part, and what is true of the one is not
 * true of the other: its intervals are drawn as one, and knowing is told from a leaning to yes by it. With a lone probe, or two of one
 * truth, both would be computed and mean nothing.
 */
export function requirePairs(probes: readonly Paired[], rows: ProbeRows): void {
  const wrong = complaints();
  const named = group(
    probes.filter(({ pair }) => pair),
    ({ pair }) => pair!,
  );
  for (const [name, members] of named)
    wrong.attempt(() => {
      const what = whatIsWrong(members, (id) => placed(rows.get(id)!.place));
      if (what !== null) throw mistaken({ ...placeOfPair(members.at(-1)!, rows), what: `"${name}" ${what}` });
    });
  wrong.end(rows.values().next().value?.place.file ?? "");
}

/** Of one that has several members, told at the last. */
function whatIsWrong(members: readonly Paired[], placeOf: (id: string) => string): string | null {
  const before = listed(members.slice(0, -1).map(({ id }) => placeOf(id)));
  const [one, other] = members;
  if (!one || !other)
    return "stands on this probe alone; give the probe of opposite truth the same, or leave pair out";
  if (members.length > 2)
    return `stands on ${members.length} probes, this one and ${before}; a pair is two, so give the others names of their own`;
  if (one.subset !== other.subset)
    return `is a pair of archetypes ${one.subset} (${before}) and ${other.subset}; pairs are drawn within one archetype`;
  if ((one.split ?? null) !== (other.split ?? null))
    return `is a pair of split ${one.split ?? "none"} (${before}) and ${other.split ?? "none"}; both of a pair belong to one part`;
  if (isAlike(one, other))
    return `is a pair of one truth: what is true of ${before} is true of this one; a pair is two probes of opposite truth, so put one of them the other way round, or leave pair out`;
  return null;
}

/** Whether the same answer is right for both. Where a question of yes or no is asked, that is yes or no, and not the proposition's side. */
function isAlike({ truth, closed }: Paired, other: Paired): boolean {
  if (!truth || !other.truth) return false;
  if (closed?.kind !== "yes_no" || other.closed?.kind !== "yes_no")
    return closed?.kind === other.closed?.kind && agree(truth, other.truth, 0);
  const isYes = (label: string, yes: "A" | "B") => label === (yes === "A" ? "supports" : "denies");
  return isYes(truth.label, closed.yes) === isYes(other.truth.label, other.closed.yes);
}

function placeOfPair({ id }: Paired, rows: ProbeRows): Place & Pick<Mistake, "field"> {
  const { place, fieldAt } = rows.get(id)!;
  return { ...(fieldAt?.(["pair"], "value") ?? place), field: "pair" };
}
