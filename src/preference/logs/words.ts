import { counted } from "../../numbers.js";
import type { LogColumn, LogReading } from "./types.js";

/** What a deployment's export ought to have, and what is done without it. */
const WANTED: readonly { column: LogColumn; without: string }[] = [
  { column: "user", without: "every row counts as another person" },
  { column: "time", without: "rows are taken in the file's order" },
];

/** Columns that were looked for and not found, each with what follows from that. */
export function missingColumns({ columns }: Pick<LogReading, "columns">): string[] {
  return WANTED.filter(({ column }) => columns[column] === undefined).map(
    ({ column, without }) => `${column}: ${without}`,
  );
}

/** Rows that were left out, a reason each. */
export function leftOutLines({ left_out }: Pick<LogReading, "left_out">): string[] {
  return left_out.map(
    ({ why, rows, first }) => `${why}: ${rows} (${first.join(", ")}${rows > first.length ? " …" : ""})`,
  );
}

/** What is assumed of rows that do not tell it. */
export function assumedLines({ assumed: { nameless, zoneless } }: Pick<LogReading, "assumed">): string[] {
  return [
    ...(nameless > 0 ? [`${counted(nameless, "mark")} without a user: each counts as another person's`] : []),
    ...(zoneless > 0 ? [`${counted(zoneless, "time")} without a zone: read as UTC`] : []),
  ];
}

/** What came of reading exports, in a line. */
export function readingSentence(reading: LogReading): string {
  const { rows, columns, left_out } = reading;
  const used = rows - left_out.reduce((sum, one) => sum + one.rows, 0);
  const taken = Object.entries(columns).map(([what, column]) => `${what} = ${column}`);
  const missing = missingColumns(reading).map((one) => one.split(":")[0]);
  return [
    `${counted(rows, "row")} of feedback, of which ${used} ${used === 1 ? "is a reply" : "are replies"} with a mark (${taken.join(", ")})`,
    ...(missing.length > 0 ? [`no column for ${missing.join(", ")}`] : []),
    ...assumedLines(reading),
    ...leftOutLines(reading).map((line) => `left out, ${line}`),
  ].join("; ");
}
