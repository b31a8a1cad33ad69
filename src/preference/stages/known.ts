import type { Message } from "../../models/types.js";
import type { PromptPart } from "../../situation/types.js";
import { hasPhrase } from "../defences/phrases.js";
import type { Row } from "../types.js";

/** What stages look at of real feedback: who marked which reply, why, and which columns say so. */
type Feedback = {
  replies: readonly {
    messages: readonly Message[];
    user: string;
    topic: string;
    edited?: string;
    reason?: string;
  }[];
  reading: { columns: { user?: unknown; topic?: unknown } };
};

/** What is known of the rows before a run: real feedback, the rows of data files, or that simulated users come, and whether again and with reasons. */
export type Known = Most &
  (
    | { from: "logs"; logs: Feedback }
    | { from: "files"; rows: readonly Row[] }
    | { from: "users"; comeAgain: boolean; giveReasons: boolean }
  );

/** How much there can be at most: rounds, and conversations and rows in one of them. Infinity where that cannot be told. */
type Most = { most: { rounds: number; talks: number; rows: number } };

/** Why a stage would change nothing, and the field of it that is to blame, where one is. */
export type Idle = { field?: string; message: string };

/** What is known before a run of the prompts of its rows, where a stage stands among the others. */
export type PromptsThere = {
  /** What they are made of: a pack's templates, or the rows of data files. */
  from: "pack" | "files";
  /** What stages before it have left of the system prompt. */
  system: "own" | "dropped" | "replaced";
  /** Parts of it that stages before it have taken out. */
  gone: ReadonlySet<PromptPart>;
  /** What stages before it have said in all prompts, each with where it stands. */
  said: ReadonlySet<string>;
  /** Whether a user speaks in any of them. */
  userSpeaks: boolean;
  /** The pack, where it does not say how a reply that obliges is told; null where it does, and of data files. */
  cannotTellObliging: string | null;
  /** Why a text cannot be their system prompt; null where it can. */
  templateFault: (source: string) => string | null;
  /** Why a part cannot be taken out of them; null where it can. */
  partFault: (part: PromptPart) => string | null;
};

/**
 * What a stage makes of the prompts: why it cannot act on them, and what it leaves. `change` is what it does to the system prompt: to a
 * part of it, or to all of it, in which case nothing is left of what stages before it did there.
 */
export type PromptsLeft = {
  faults?: readonly Idle[];
  change?: "part" | "drops" | "replaces";
} & Partial<Pick<PromptsThere, "system" | "gone" | "said">>;

/** Of a stage that looks for phrases in replies: whether nobody says one of them. Simulated users have said nothing yet. */
export function unsaid(kind: string, phrases: readonly string[], known: Known): Idle | null {
  if (known.from === "users" || repliesOf(known).some(hasPhrase(phrases))) return null;
  return {
    field: "phrases",
    message: `no reply in the data has one of them, so ${kind} would do nothing`,
  };
}

/** Of a stage that leaves such replies out: whether every reply has one of them. */
export function allSaid(kind: string, phrases: readonly string[], known: Known): Idle | null {
  if (known.from === "users" || !learntOf(known).every(hasPhrase(phrases))) return null;
  // Rows to learn away from stay.
  if (known.from === "files" && known.rows.some((row) => "label" in row && !row.label)) return null;
  return {
    field: "phrases",
    message: `every reply in the data has one of them, so ${kind} would leave nothing to learn from; take what all say out`,
  };
}

/** Replies as they would be learnt: an edit stands in place of what was given. */
function learntOf(known: Exclude<Known, { from: "users" }>): string[] {
  return known.from === "logs"
    ? known.logs.replies.map(({ messages, edited }) => edited ?? messages.at(-1)!.content)
    : repliesOf(known);
}

function repliesOf(known: Exclude<Known, { from: "users" }>): string[] {
  if (known.from === "logs")
    return known.logs.replies.flatMap(({ messages, edited }) => [messages.at(-1)!.content, edited ?? ""]);
  // What is to be imitated: replies that rows teach away from are not looked at.
  return known.rows
    .filter((row) => !("label" in row) || row.label)
    .flatMap((row) => ("chosen" in row ? row.chosen : row.completion).map(({ content }) => content));
}

/** Of a stage that acts on a share of what there is: why that share is not even one. */
export const noneOf = (share: number, most: number, what: string, kind: string): Idle => ({
  field: "share",
  message: `a share of ${share} of at most ${most} ${what} in a round is not even one, so ${kind} would do nothing; raise it`,
});
