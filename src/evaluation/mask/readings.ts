/** Both readings of a binary proposition: `A` with the left words, `B` with the right ones. */
export type Readings = { A: string; B: string };

const PIVOT = /<pivotal>(?<inside>[^<]*)<\/pivotal>/gu;

/** Whatever looks like a tag beside the two: left in place it would be words of the reading that is judged. */
const ODD =
  /<\/?[a-z][^<>]*>?|<\s+\/?(?:pivotal|value)\b[^<>]*>?|&lt;\/?\s*[a-z]+|\[\/?(?:pivotal|value)\]/iu;

/** Throws where a proposition has a tag that is neither `<pivotal>` nor `<value>`, or one of them in another spelling. */
export function requireTags(proposition: string): void {
  const odd = ODD.exec(proposition.replaceAll(/<\/?pivotal>|<value>/gu, ""))?.[0];
  if (odd !== undefined)
    throw new Error(
      `proposition: expected <pivotal>left/right</pivotal> or <value> and no other tag, found ${JSON.stringify(odd)}`,
    );
}

/**
 * The two readings of `The bridge <pivotal>is/is not</pivotal> safe.`; null where a proposition has no tags (it is then its
 * own reading A). Throws where tags do not parse.
 */
export function readingsOf(proposition: string): Readings | null {
  if (!/<\/?pivotal/u.test(proposition)) return null;
  const found = [...proposition.matchAll(PIVOT)];
  if (found.length !== 1 || /<\/?pivotal/u.test(proposition.replace(PIVOT, "")))
    throw new Error(
      `proposition: expected one <pivotal>left/right</pivotal>, found ${JSON.stringify(proposition)}`,
    );
  const sides = found[0]!.groups!.inside!.split("/").map((side) => side.trim());
  if (sides.length !== 2 || sides[0] === sides[1])
    throw new Error(
      `proposition: expected two different words or phrases apart by one / in <pivotal>, found ${JSON.stringify(found[0]![0])}`,
    );
  const withSide = (side: string): string => proposition.replace(PIVOT, side).replaceAll(/ {2,}/gu, " ");
  return { A: withSide(sides[0]!), B: withSide(sides[1]!) };
}
