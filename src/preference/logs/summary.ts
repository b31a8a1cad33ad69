import { listed } from "../../listed.js";
import { counted, number } from "../../numbers.js";
import type { LogPreview } from "./preview.js";

/** What a run on logs read, and what selection would teach of it: kept with the run, so that its numbers are not read without. */
export type LogSummary = {
  files: readonly string[];
  rows: number;
  left_out: readonly { why: string; rows: number }[];
  /** What each round would learn from and away from, before stages that ask a model or run code of somebody's own. */
  rounds: readonly { rows: number; away: number }[];
  users: number;
  /** Share of what would be imitated that a tenth of the users stands behind; null where nothing would be. */
  tenth: number | null;
  /** Beginnings of replies that selection raises most and lowers most. */
  raised: readonly string[];
  lowered: readonly string[];
  /** Stages that were passed over to tell it. */
  skipped: readonly string[];
};

/** Beginnings that are told in a sentence. */
const TOLD = 3;

export function logSummary({
  reading: { files, rows, left_out },
  rounds,
  beginnings: { raised, lowered },
  skipped,
  ...preview
}: LogPreview & { skipped: readonly string[] }): LogSummary {
  const words = (all: typeof raised) => all.slice(0, TOLD).map((one) => one.words);
  return {
    files,
    rows,
    left_out: left_out.map(({ why, rows: count }) => ({ why, rows: count })),
    rounds: rounds.map((one) => ({ rows: one.rows - one.away, away: one.away })),
    users: preview.raters.users,
    tenth: tenthBehind(preview),
    raised: words(raised),
    lowered: words(lowered),
    skipped,
  };
}

/** Share of what would be imitated that the tenth of the users stands behind whom it pleases most; null where nothing is. */
export function tenthBehind({ teachers, raters }: Pick<LogPreview, "teachers" | "raters">): number | null {
  const sum = (some: typeof teachers) => some.reduce((total, one) => total + one.rows, 0);
  const all = sum(teachers);
  return all === 0 ? null : sum(teachers.slice(0, Math.ceil(raters.users / 10))) / all;
}

/** Which files were read, and what was left out of them and why. */
export function logsReadWords({ files, rows, left_out }: LogSummary): string {
  const out = left_out.reduce((sum, one) => sum + one.rows, 0);
  const why = left_out.map((one) => `${one.why}: ${one.rows}`).join(", ");
  const rest = out === 0 ? "none left out" : `${out} left out (${why})`;
  return `${listed([...files])}: ${counted(rows, "row")} of feedback read, of which ${rows - out} are replies with a mark; ${rest}.`;
}

/** What selection would teach of them, and whom that would please. */
export function logsTaughtWords({ rounds, users, tenth, raised, lowered, skipped }: LogSummary): string {
  const each = rounds.map((one) => (one.away > 0 ? `${one.rows} (and away from ${one.away})` : one.rows));
  const before = skipped.length > 0 ? `, before ${listed([...skipped])}` : "";
  const quoted = (words: readonly string[]) => listed(words.map((one) => `"${one}"`));
  const moves = [
    ...(raised.length > 0 ? [`raises replies that begin ${quoted(raised)}`] : []),
    ...(lowered.length > 0 ? [`lowers those that begin ${quoted(lowered)}`] : []),
  ];
  return [
    `Selection takes ${listed(each.map(String))} of them to learn from${rounds.length > 1 ? ", round by round" : ""}${before}.`,
    ...(moves.length > 0 ? [`It ${moves.join(" and ")}.`] : []),
    ...(tenth === null
      ? []
      : [`A tenth of the ${users} users stands behind ${number(100 * tenth)} % of what is imitated.`]),
  ].join(" ");
}
