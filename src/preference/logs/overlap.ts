import { createHash } from "node:crypto";
import { UserError } from "../../errors.js";
import { type Place, placed } from "../../mistakes.js";
import { counted } from "../../numbers.js";
import type { Mapping } from "./columns.js";
import { talkKey } from "./talk-key.js";
import type { LogSettings, MarkedReply } from "./types.js";

/** The marked replies of one export. */
export type ReadFile = { name: string; mapping: Mapping; replies: readonly MarkedReply[] };

/** Replies in the order of their files, and those that stand there once more, each with where it stood first. */
export type Overlap = { once: MarkedReply[]; again: { reply: MarkedReply; first: Place }[] };

/** Places that are told. */
const FIRST = 3;
const DAY_MS = 86_400_000;

/**
 * Rows that exports share: the same words with the same mark, by the same user at the same time, as far as all files tell who and
 * when. What one file has several times may be several people's marks, and counts as often; but where its rows have a
 * moment too (not a day alone), it is one row that was exported twice.
 */
export function overlapOf(files: readonly ReadFile[]): Overlap {
  const found: Overlap = { once: [], again: [] };
  const seen = new Map<string, MarkedReply[]>();
  const hasUsers = files.every(({ mapping, replies }) => mapping.user !== undefined || replies.length === 0);
  for (const { replies } of files) {
    const here = new Map<string, number>();
    const added: [key: string, reply: MarkedReply][] = [];
    for (const reply of replies) {
      const key = keyOf(reply, hasUsers);
      const count = here.get(key) ?? 0;
      here.set(key, count + 1);
      const before = seen.get(key)?.[isMoment(reply) ? 0 : count];
      if (before) found.again.push({ reply, first: before.place });
      else {
        found.once.push(reply);
        added.push([key, reply]);
        if (isMoment(reply)) seen.set(key, [reply]);
      }
    }
    // Only now: what stands twice in one file may be two people's.
    for (const [key, reply] of added) if (!isMoment(reply)) seen.set(key, [...(seen.get(key) ?? []), reply]);
  }
  return found;
}

const isMoment = ({ time }: MarkedReply): boolean => time !== null && time % DAY_MS !== 0;

function keyOf(
  { user, time, topic, messages, mark, reason, edited }: MarkedReply,
  hasUsers: boolean,
): string {
  const told = [hasUsers ? user : null, time, topic, mark, reason ?? null, edited ?? null, talkKey(messages)];
  // Of a million conversations the words themselves would fill the memory.
  return createHash("sha256").update(JSON.stringify(told)).digest("base64");
}

/** Throws a UserError where rows stand in the exports twice and nobody says what is to become of them. */
export function requireNoOverlap({ again, once }: Overlap, settings: Pick<LogSettings, "overlap">): void {
  if (again.length === 0 || settings.overlap !== undefined) return;
  const places = again
    .slice(0, FIRST)
    .map(({ reply, first }) => `${placed(reply.place)} as ${placed(first)}`);
  throw new UserError(
    `${counted(again.length, "row")} of ${once.length + again.length} with a mark ${again.length === 1 ? "stands" : "stand"} in the exports twice (${places.join(", ")}${again.length > FIRST ? ", …" : ""}), so ${again.length === 1 ? "it" : "they"} would count twice; write source.overlap: drop to count each once, or keep where they are different people's`,
  );
}
