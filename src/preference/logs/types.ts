import type { Place } from "../../mistakes.js";
import type { Message } from "../../models/types.js";
import type { Scenario } from "../../scenario/index.js";

/** What a scenario says of real feedback. */
export type LogSettings = Extract<Exclude<Scenario["source"], "interaction">, { kind: "logs" }>;

/** What a column of an export can mean. */
export type LogColumn = keyof NonNullable<LogSettings["columns"]>;

/** A line or row of an export, with where it stands for messages. */
export type LogRecord = { place: Place; value: Readonly<Record<string, unknown>> };

/** A reply that somebody marked: `messages` end in it. */
export type MarkedReply = {
  place: Place;
  user: string;
  /** Milliseconds since 1970; null where the export does not say. */
  time: number | null;
  topic: string;
  messages: Message[];
  /** From 0, the worst mark there is, to 1. Of a reply that was edited and not marked 0: its user would not have it so. */
  mark: number;
  /** Why, in the user's words. */
  reason?: string;
  /** What the user wrote in its place. */
  edited?: string;
  /** Whether the reply was cut off; only of one that was edited, as others are left out. */
  cut?: true;
};

/** Rows that were not used, and why; of many the first places. */
export type LeftOut = { why: string; rows: number; first: string[] };

/** What looks like personal data in what was said, and in how many rows. */
type PersonalCount = { kind: string; found: number; rows: number };

/** What came of reading exports. */
export type LogReading = {
  files: readonly string[];
  rows: number;
  /** Which column was taken for what. */
  columns: Partial<Record<LogColumn, string>>;
  left_out: LeftOut[];
  /** Rows of which something is assumed: that nobody else gave their mark, and that their time is UTC's. */
  assumed: { nameless: number; zoneless: number };
  personal: PersonalCount[];
  /** Whether it was taken out. */
  stripped: boolean;
};

/** Real feedback as a run learns from it, in the order of its time. */
export type Logs = { replies: readonly MarkedReply[]; reading: LogReading };
