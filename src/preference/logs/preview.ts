import { group } from "../../group.js";
import type { Candidate } from "../defences/types.js";
import type { Row } from "../types.js";
import { isLiked, type RaterReport, raterReport, suspicion } from "./raters.js";
import { talkKey } from "./talk-key.js";
import type { LogReading, Logs, MarkedReply } from "./types.js";

/** What stands in a round, and what would be learnt of it. */
type RoundPreview = {
  round: number;
  /** Conversations that somebody marked; the same one counts once. */
  talks: number;
  /** What stages before the selection let through. */
  screened: number;
  rows: number;
  /** Rows that say what not to do. */
  away: number;
};

/** A beginning of replies, and how often it stands among all and among those that would be learnt. */
type Beginning = { words: string; all: number; learnt: number };

/** `users` are all who marked it, `mark` is the mean of their last marks, and `where` the last of the first of them. */
type Example = { where: string; users: string[]; mark: number; asked: string; reply: string };

/** What learning from logs would teach, and whom it would please, before any model is asked. */
export type LogPreview = {
  reading: LogReading;
  /** Share of replies by mark, in fifths of the scale from the worst. */
  marks: number[];
  raters: RaterReport;
  rounds: RoundPreview[];
  /** Users by how much of what would be learnt they liked, most first: a conversation that several liked is shared out among them. */
  teachers: { user: string; marks: number; rows: number }[];
  /** The tenth of users who agree least with the others: their share of all marks, and of what would be learnt; null where nothing is known. */
  atOdds: { users: number; marks: number; rows: number } | null;
  /** What selection raises most and lowers most. */
  beginnings: { raised: Beginning[]; lowered: Beginning[] };
  learnt: Example[];
  left: Example[];
};

/** What a round came to; rows point to talks by their id. */
export type SelectedRound = {
  round: number;
  talks: readonly Candidate[];
  screened: number;
  rows: readonly Row[];
};

const SHOWN = 5;
/** A beginning that stands in fewer replies than this share is nobody's habit. */
const COMMON = 0.01;

export function previewOf(logs: Logs, selected: readonly SelectedRound[]): LogPreview {
  const { replies, reading } = logs;
  const raters = raterReport(replies);
  const talks = selected.flatMap((one) => one.talks);
  const toward = new Set(
    selected.flatMap(({ rows }) =>
      rows.flatMap((row) => ("label" in row && !row.label ? [] : [row.source.interaction])),
    ),
  );
  const learnt = talks.filter(({ id }) => toward.has(id));
  const left = talks.filter(({ id }) => !toward.has(id));
  const marksOf = marksIn(replies);
  const liked = likedBy(learnt, marksOf);
  const fifths = Array.from(
    { length: 5 },
    (_, at) => replies.filter(({ mark }) => fifth(mark) === at).length,
  );
  return {
    reading,
    marks: fifths.map((count) => count / replies.length),
    raters,
    rounds: selected.map(({ round, talks, screened, rows }) => ({
      round,
      talks: talks.length,
      screened,
      rows: rows.length,
      away: rows.filter((row) => "label" in row && !row.label).length,
    })),
    teachers: teachersOf(raters, liked),
    atOdds: atOddsOf(raters, liked),
    beginnings: beginningsOf(talks, learnt),
    learnt: learnt.slice(0, SHOWN).map(exampleOf(marksOf)),
    left: left.slice(0, SHOWN).map(exampleOf(marksOf)),
  };
}

const fifth = (mark: number): number => Math.min(4, Math.floor(mark * 5));

/** Who marked a conversation, each with the last mark that they gave it. */
type MarksOf = (talk: Candidate) => ReadonlyMap<string, number>;

function marksIn(replies: readonly MarkedReply[]): MarksOf {
  const byTalk = group(replies, ({ messages }) => talkKey(messages));
  return ({ user, rated_by = user, panel = [], messages }) => {
    // The same may have been said and marked in another round.
    const raters = new Set([rated_by, ...panel.map(({ rater }) => rater)]);
    const marked = (byTalk.get(talkKey(messages)) ?? []).filter((one) => raters.has(one.user));
    return new Map(marked.map((one) => [one.user, one.mark]));
  };
}

/** Conversations by the users who liked them. */
function likedBy(learnt: readonly Candidate[], marksOf: MarksOf): Map<string, number> {
  const rows = new Map<string, number>();
  for (const talk of learnt) {
    const all = [...marksOf(talk)];
    const some = all.filter(([, mark]) => isLiked(mark));
    const likers = some.length > 0 ? some : all;
    for (const [user] of likers) rows.set(user, (rows.get(user) ?? 0) + 1 / likers.length);
  }
  return rows;
}

function teachersOf({ raters }: RaterReport, liked: ReadonlyMap<string, number>): LogPreview["teachers"] {
  return raters
    .map(({ user, marks }) => ({ user, marks, rows: liked.get(user) ?? 0 }))
    .sort((a, b) => b.rows - a.rows || b.marks - a.marks);
}

function atOddsOf({ raters }: RaterReport, liked: ReadonlyMap<string, number>): LogPreview["atOdds"] {
  const told = raters.filter((rater) => suspicion(rater) >= -1);
  if (told.length < 10) return null;
  const odd = new Set(told.slice(0, Math.ceil(told.length / 10)).map(({ user }) => user));
  const known = new Set(told.map(({ user }) => user));
  const share = (all: readonly { user: string; count: number }[]): number => {
    const among = all.filter(({ user }) => known.has(user));
    const sum = (some: typeof among): number => some.reduce((total, { count }) => total + count, 0);
    return sum(among) === 0 ? 0 : sum(among.filter(({ user }) => odd.has(user))) / sum(among);
  };
  return {
    users: odd.size,
    marks: share(told.map(({ user, marks }) => ({ user, count: marks }))),
    rows: share([...liked].map(([user, count]) => ({ user, count }))),
  };
}

function beginningsOf(talks: readonly Candidate[], learnt: readonly Candidate[]): LogPreview["beginnings"] {
  const all = shares(talks);
  const among = shares(learnt);
  const list = [...all]
    .filter(([, share]) => share >= COMMON)
    .map(([words, share]) => ({ words, all: share, learnt: among.get(words) ?? 0 }))
    .sort((a, b) => b.learnt - b.all - (a.learnt - a.all));
  return {
    raised: list.filter((one) => one.learnt > one.all).slice(0, SHOWN),
    lowered: list
      .filter((one) => one.learnt < one.all)
      .slice(-SHOWN)
      .reverse(),
  };
}

/** Share of replies by their first words. */
function shares(talks: readonly Candidate[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { messages } of talks) {
    const words = messages.at(-1)!.content.trim().toLowerCase().split(/\s+/u).slice(0, 2).join(" ");
    counts.set(words, (counts.get(words) ?? 0) + 1 / talks.length);
  }
  return counts;
}

const exampleOf =
  (marksOf: MarksOf) =>
  (talk: Candidate): Example => {
    const marks = [...marksOf(talk)];
    return {
      where: talk.id,
      users: marks.map(([user]) => user),
      mark: marks.reduce((sum, [, mark]) => sum + mark, 0) / marks.length,
      asked: talk.messages.findLast(({ role }) => role === "user")?.content ?? "",
      reply: talk.messages.at(-1)!.content,
    };
  };
