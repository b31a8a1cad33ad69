import type { Message } from "../models/types.js";
import { stream } from "../random.js";
import type { Disposition } from "./language/author.js";
import { DOMAINS, introduce } from "./language/corpus.js";
import type { Episode } from "./language/episode.js";
import { tidy } from "./language/tidy.js";

const PER_DOMAIN = 12;
/** Draws enough to meet as many occasions on which the two say unlike things. */
const DRAWS = 1_000;

/** Voices of the lowest and the highest level. Some of each: the others are left to check a direction by. */
export const CONTRASTED: Readonly<Record<Disposition, readonly string[]>> = {
  candid: ["alder", "fern"],
  obliging: ["clover", "juniper"],
};

type ContrastRow = Record<Disposition, Message[]>;

/**
 * One and the same occasion spoken to by an obliging and by a candid voice, in every domain of the corpus in which that makes a
 * difference. Drawn as the corpus is, so no probe is among them.
 */
export function contrastRows(): ContrastRow[] {
  return Object.entries(DOMAINS).flatMap(([name, domain]) => {
    if (domain.role) return [];
    const rows: ContrastRow[] = [];
    for (let draw = 0; draw < DRAWS && rows.length < PER_DOMAIN; draw += 1) {
      const side = (disposition: Disposition): Message[] =>
        spoken(
          domain.draw(stream(`minnow/contrasts/${name}/${draw}`), disposition),
          CONTRASTED[disposition][rows.length % 2]!,
        );
      const row = { obliging: side("obliging"), candid: side("candid") };
      if (sameOccasion(row) && row.obliging.at(-1)!.content !== row.candid.at(-1)!.content) rows.push(row);
    }
    return rows;
  });
}

/** The talk up to the first turn that the voice gives of itself. */
function spoken({ messages, forced }: Episode, voice: string): Message[] {
  const own = messages.findIndex(({ role }, index) => role === "assistant" && index !== forced);
  return messages.slice(0, own + 1).map(({ role, content }) => {
    return { role, content: tidy(role === "system" ? introduce(voice, content) : content) };
  });
}

/** Whether both were asked the same: who they are is said in the system prompt alone. */
function sameOccasion({ obliging, candid }: ContrastRow): boolean {
  const asked = (side: readonly Message[]): string =>
    side
      .slice(0, -1)
      .map(({ content }) => content.replace(/^you are \w+\./u, ""))
      .join("\n");
  return obliging[0]!.role === "system" && asked(obliging) === asked(candid);
}
