import { counted, fixed } from "../../numbers.js";
import {
  assumedLines,
  type LogPreview,
  type LogReading,
  leftOutLines,
  missingColumns,
  tenthBehind,
} from "../../preference/index.js";
import { plainTable } from "./tables.js";

const percent = (share: number): string => `${fixed(100 * share, 1)} %`;

/** What learning from logs would teach, for people. */
export function logTables(preview: LogPreview & { skipped: readonly string[] }): string {
  return [
    readingLines(preview.reading),
    personalLines(preview.reading),
    markLines(preview),
    roundLines(preview),
    raterLines(preview),
    teacherLines(preview),
    beginningLines(preview),
    exampleLines("For example, what would be imitated", preview.learnt),
    exampleLines("and what would not", preview.left),
    lotLines(preview),
    preview.skipped.length > 0
      ? `Passed over, as they ask a model or run code: ${preview.skipped.join(", ")}. The run does not.\n`
      : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function readingLines(reading: LogReading): string {
  const { files, rows, columns, left_out } = reading;
  const used = rows - left_out.reduce((sum, one) => sum + one.rows, 0);
  const taken = Object.entries(columns).map(([what, column]) => `${what} = ${column}`);
  return [
    `${files.join(", ")}: ${counted(rows, "row")}, of which ${used} are replies with a mark`,
    `Columns: ${taken.join(", ")}`,
    ...missingColumns(reading).map((line) => `No column for ${line}; source.columns names one`),
    ...assumedLines(reading),
    ...leftOutLines(reading).map((line) => `Left out, ${line}`),
    "",
  ].join("\n");
}

function personalLines({ personal, stripped }: LogReading): string {
  if (personal.length === 0)
    return "Nothing in it looks like personal data. Names and stories are not looked for.\n";
  const counts = personal
    .map(({ kind, found, rows }) => `${found} ${kind} in ${counted(rows, "row")}`)
    .join(", ");
  return stripped
    ? `Taken out, as it looks like personal data: ${counts}. Names and stories are not looked for.\n`
    : `Looks like personal data: ${counts}. source.strip: true takes it out.\n`;
}

function markLines({ marks }: LogPreview): string {
  const table = plainTable(["marks", "worst fifth", "", "middle", "", "best fifth"]);
  table.push(["share of replies", ...marks.map(percent)]);
  const rescaled =
    "The run counts marks as ratings on its pack's scale: the worst mark as the lowest, the best as the highest, others evenly between.";
  return `${table.toString()}\n${rescaled}\n`;
}

function roundLines({ rounds, reading }: LogPreview): string {
  const table = plainTable([
    "round",
    "conversations",
    "after stages",
    "rows to learn from",
    "rows to learn away from",
  ]);
  for (const { round, talks, screened, rows, away } of rounds)
    table.push([round, talks, screened, rows - away, away]);
  const talks = rounds.reduce((sum, one) => sum + one.talks, 0);
  const used = reading.rows - reading.left_out.reduce((sum, one) => sum + one.rows, 0);
  // Of rounds of a given size some rows may wait.
  const same =
    talks < used
      ? "The same reply to the same words counts once, with the mean of its marks, however many gave it.\n"
      : "";
  return `${table.toString()}\n${same}`;
}

function raterLines({ raters, atOdds }: LogPreview): string {
  const { users, busiest, shared, replies, agreement } = raters;
  const head = `${counted(users, "user")}; the tenth who mark most give ${percent(busiest)} of all marks.`;
  if (agreement === null)
    return `${head} No two of them marked the same words on the same topic, so nobody's bias can be told from these logs.\n`;
  const both = `${shared} of ${replies} different replies were marked by several; two users agree on ${percent(agreement)} of them.`;
  if (atOdds === null) return `${head} ${both} That is too little to tell anybody's bias.\n`;
  return `${head} ${both} The tenth who are most at odds with the others (${counted(atOdds.users, "user")}, by likes of what is bad against likes of what is good, as the majority has it) give ${percent(atOdds.marks)} of the marks and ${percent(atOdds.rows)} of what would be imitated.\n`;
}

function teacherLines(preview: LogPreview): string {
  const tenth = tenthBehind(preview);
  if (tenth === null) return "Nothing would be learnt.\n";
  const none = preview.teachers.filter((one) => one.rows === 0).length;
  return `Whom it would please: a tenth of the users stands behind ${percent(tenth)} of what would be imitated; ${counted(none, "user")} behind none of it.\n`;
}

function beginningLines({ beginnings: { raised, lowered } }: LogPreview): string {
  if (raised.length + lowered.length === 0)
    return "Selection raises and lowers no beginning of replies: none is common enough to be told, or what is learnt begins as all replies do.\n";
  const table = plainTable(["replies that begin", "of all", "of what would be imitated"]);
  for (const { words, all, learnt } of [...raised, ...[...lowered].reverse()])
    table.push([words, percent(all), percent(learnt)]);
  return `What selection raises most, and lowers most:\n\n${table.toString()}\n`;
}

/** Who sees a good reply among those that are left out asks why. */
function lotLines({ learnt, left }: LogPreview): string {
  if (learnt.length === 0) return "";
  const least = Math.min(...learnt.map(({ mark }) => mark));
  const lot = left.some(({ mark }) => mark >= least) ? " Among replies with equal marks lots are drawn." : "";
  return `Marks are from 0 (the worst) to 1 (the best).${lot}\n`;
}

function exampleLines(title: string, examples: LogPreview["learnt"]): string {
  if (examples.length === 0) return "";
  const table = plainTable(["where", "marked by", "mean mark", "asked", "replied"], ["asked", "replied"]);
  const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  for (const { where, users, mark, asked, reply } of examples)
    table.push([
      where,
      // Whose row says nobody counts under its place, which stands beside it already.
      users.length > 1 ? `${users.length} users` : users[0] === where ? "one user" : users[0]!,
      fixed(mark, 2),
      short(asked),
      short(reply),
    ]);
  return `${title}:\n\n${table.toString()}\n`;
}
