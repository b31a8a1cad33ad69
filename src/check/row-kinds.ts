import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "../errors.js";
import {
  loadLabelled,
  namedJudges,
  readingWords,
  type Suite,
  type SuiteKind,
  suiteKinds,
} from "../evaluation/index.js";
import { listed } from "../listed.js";
import { methodsFor } from "../methods/index.js";
import { speaksToMinnow } from "../minnow/index.js";
import { counted } from "../numbers.js";
import {
  type LogSettings,
  readDataFile,
  readingSentence,
  readLogs,
  readRecords,
  seemsLogged,
} from "../preference/index.js";
import { copiesIn, loadPack, readPack, readRatedPairs } from "../resources/index.js";
import { packNames, personaNames } from "../scenario/index.js";
import { readUsers } from "../situation/index.js";
import { fieldsOf, isTable, lookAt, shareKnown } from "./look.js";
import { openProbes, tryProbes } from "./try-probes.js";
import type { FileKind, Look } from "./types.js";

/** A kind that is told by columns that nothing else has together. */
const has = (look: Look, ...columns: string[]): number => {
  const found = fieldsOf(look.value);
  return look.form === "rows" && columns.every((name) => found.includes(name)) ? 1 : 0;
};

const judgeCheck: FileKind = {
  name: "judge-check",
  is: "labelled statements",
  use: "candor judge check takes it",
  likeness: (look) => has(look, "proposition", "statement", "label"),
  check: (path) => {
    const rows = loadLabelled(path);
    return `${rows.length} labelled statements for candor judge check`;
  },
};

const raterCheck: FileKind = {
  name: "rater-check",
  is: "pairs for a rater",
  use: "candor rater check takes it",
  likeness: (look) => has(look, "persona", "preferred", "other"),
  check: async (path) => {
    const situations: string[] = [];
    for (const name of packNames(path)) {
      // A pack that is broken is another file's mistake.
      const loaded = await loadPack(name, path).catch(() => undefined);
      situations.push(...(loaded?.value.situations.map(({ id }) => id) ?? []));
    }
    const pairs = readRatedPairs(path, { personas: personaNames(path), situations });
    return `${counted(pairs.length, "pair")} for candor rater check`;
  },
};

const users: FileKind = {
  name: "users",
  is: "users of a pack",
  use: "a scenario names the folder of their pack in situations",
  likeness: (look) => has(look, "situation", "background", "openings"),
  check: (path) => {
    // Beside its pack the whole of it is read, so that users without a situation are found.
    if (basename(path) === "users.jsonl" && existsSync(join(dirname(path), "pack.yaml"))) {
      const all = readPack(dirname(path)).situations.reduce((sum, one) => sum + one.users.length, 0);
      return `users of the pack in ${dirname(path)}, which has ${all} with them`;
    }
    return `${readUsers(path).length} users`;
  },
};

/** Feedback of real users, for `source: logs`, by the columns that are found by themselves. */
const logs: FileKind = {
  name: "logs",
  is: "feedback of real users",
  use: "a scenario names it as source: { kind: logs, data: … }",
  likeness: ({ path, form, value }) => {
    if (form !== "rows") return 0;
    // Its columns are not text: nobody else writes Parquet for us.
    return extname(path).toLowerCase() === ".parquet" ? 0.5 : seemsLogged(value);
  },
  check: async (path) => {
    const settings = { kind: "logs", data: path, scale: [1, 5], strip: false } satisfies LogSettings;
    const { reading } = readLogs([{ name: path, records: await readRecords(path) }], settings);
    return readingSentence(reading);
  },
};

const data: FileKind = {
  name: "data",
  is: "training rows",
  use: "a scenario names it as source: { kind: direct, data: … }",
  likeness: (look) =>
    Math.max(
      has(look, "messages"),
      has(look, "conversations"),
      has(look, "prompt", "completion"),
      has(look, "chosen", "rejected"),
      has(look, "instruction", "output"),
    ),
  check: (path) => {
    const rows = readDataFile(path);
    const pairs = rows.filter((row) => "chosen" in row).length;
    const labelled = rows.filter((row) => "label" in row).length;
    const methods =
      pairs === rows.length
        ? listed(methodsFor("pair"), "or")
        : pairs > 0
          ? "none: pairs and single replies stand in one file"
          : labelled === rows.length
            ? `${listed(methodsFor("labelled"), "or")}, and ${listed(methodsFor("reply"), "or")} where no label is false`
            : listed(methodsFor("reply"), "or");
    return `${rows.length} training rows, for ${methods}`;
  },
};

/** Probes of a suite that ships. Told by the suite's name in that of the file or folder, or by how well they can be read. */
export const probesOf = (suite: SuiteKind): FileKind => ({
  name: suite.name,
  is: `probes of suite ${suite.name}`,
  use: `candor eval takes it with --suite ${suite.name} --file; a scenario names it in evaluation.suites.${suite.name}.file`,
  likeness: ({ path, form, value }) => {
    if (form === "code" || form === "other") return 0;
    if (basename(path).includes(suite.name)) return 0.9;
    try {
      openProbes(suite, path);
      // A suite that asks for little reads what others are made for, so of several the one that knows most of the fields is meant.
      return 0.8 + 0.05 * shareOf({ path, form, value }, suite.fields);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (isTable(path) && wrongAltogether(path, error)) return 0;
      // Nothing of it is the suite's: these are no probes with mistakes.
      const telling = (suite.fields ?? []).filter((field) => !ANYBODYS.has(field));
      const rows = rowsIn({ path, form, value });
      if (rows.length === 0 || rows.some((row) => shareKnown(row, telling) < LEAST_KNOWN)) return 0;
      return form === "yaml" && !Array.isArray(value) ? 0 : 0.5 / (1 + error.problems);
    }
  },
  check: async (path, { signal }) => {
    const opened = openProbes(suite, path);
    const subsets = new Map<string, number>();
    for (const { subset } of opened.probes) subsets.set(subset, (subsets.get(subset) ?? 0) + 1);
    const counts = [...subsets].map(([subset, count]) => `${subset} ${count}`).join(", ");
    const judges = namedJudges.flatMap(({ name, judge: { needs } }) =>
      needs === undefined || opened.offers[needs] ? [name] : [],
    );
    const said = [
      `${counted(opened.probes.length, "probe")} of suite ${suite.name} (${counts})`,
      `judges: ${[...judges, "a chat model"].join(", ")}`,
      ...(opened.reading && opened.reading.left_out.length > 0 ? [readingWords(opened.reading)] : []),
    ];
    const unread = [...unreadColumns(path, suite).map((what) => ({ file: path, what })), ...copiesIn(opened)];
    if (!isForMinnow(opened)) return { says: said.join("; "), warnings: unread };
    const { warnings, replies } = await tryProbes(suite, path, signal);
    return { says: said.join("; "), warnings: [...unread, ...warnings], replies };
  },
});

/** Fields that rows of any kind may have. */
const ANYBODYS = new Set(["id", "type"]);

/** Share of the fields of a row with mistakes that a suite must know, for the row to be meant for it. */
const LEAST_KNOWN = 0.3;

/** The first row of a file, or of each file of a folder. */
function rowsIn({ path, form, value }: Look): unknown[] {
  if (form !== "folder") return [Array.isArray(value) ? (value as unknown[])[0] : value];
  return readdirSync(path)
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => {
      try {
        const look = lookAt(file);
        return look.form === "rows" || look.form === "yaml" ? rowsIn(look) : [];
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    });
}

/** How many of the fields of a file's first rows a suite knows; 0 for a suite that does not say which it has. */
function shareOf(look: Look, fields: readonly string[] = []): number {
  const shares = rowsIn(look).map((row) => shareKnown(row, fields));
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** Whether a table is none of a suite's, rather than one with mistakes: its head is wrong (its first line), or no row is right. */
function wrongAltogether(path: string, { mistakes, problems }: UserError): boolean {
  const rows = readFileSync(path, "utf8").trim().split("\n").length - 1;
  return problems >= rows || mistakes[0]?.line === 1;
}

/** The columns of a table that a suite makes nothing of. Feedback under names that nobody knows may look like its questions. */
function unreadColumns(path: string, { fields }: SuiteKind): string[] {
  if (fields === undefined || !isTable(path)) return [];
  const unread = fieldsOf(lookAt(path).value).filter((name) => !fields.includes(name));
  if (unread.length === 0) return [];
  return [
    `makes nothing of the columns ${unread.slice(0, 8).join(", ")}${unread.length > 8 ? ` … and ${unread.length - 8} more` : ""} (if these rows are feedback of real users, say --as logs)`,
  ];
}

/** Whether probes are for minnow. Their texts alone may not say so: the files do. */
const isForMinnow = ({ reading }: Suite): boolean =>
  speaksToMinnow(reading?.files.map((file) => readFileSync(file, "utf8")) ?? []);

export const rowKinds: readonly FileKind[] = [
  judgeCheck,
  raterCheck,
  users,
  logs,
  data,
  ...suiteKinds.map(probesOf),
];
