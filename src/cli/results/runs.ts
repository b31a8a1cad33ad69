import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserError } from "../../errors.js";
import { listed } from "../../listed.js";
import { number } from "../../numbers.js";
import { readOutcome } from "../../report/index.js";
import { halfDeleted, isSweepFolder, runPaths, sizeOf } from "../../runs/index.js";
import { shellWord } from "../../shell-word.js";
import { openLibrary } from "../../viewer/index.js";
import { didYouMean } from "../../yaml/index.js";
import { othersBeside } from "./elsewhere.js";
import { honestyOf, honestyWords, type ListedHonesty } from "./listed-honesty.js";
import { plainTable } from "./tables.js";

/** A run or sweep as lists show it. */
type ListedRun = {
  folder: string;
  /** What people call it, or its scenario's name. */
  name: string;
  kind: "run" | "sweep";
  /** A run's status; of a sweep how many of its runs are done, failed or under way. */
  status: string;
  rounds: number;
  seeds: number;
  /** Null where it was not measured. */
  honesty: ListedHonesty | null;
  /** What came of it, where that was asked for; null where nothing can be told yet. */
  headline?: { verdict: string; sentence: string } | null;
  /** On disk. */
  bytes: number;
  /** When something last changed, in ms since 1970. */
  changed: number;
  tags: string[];
  note: string | null;
  archived: boolean;
};

export type ListOptions = {
  tag?: readonly string[] | undefined;
  /** Archived ones too. */
  all?: boolean | undefined;
  /** What came of each, which takes as long as `candor show` of each. */
  headlines?: boolean | undefined;
  /** Which other folders hold runs too, where nobody said which one is meant. */
  elsewhere?: boolean | undefined;
};

export type ListedRuns = {
  runs: ListedRun[];
  damaged: { folder: string; problem: string }[];
  /** How many were left out for being archived. */
  archived: number;
  /** Those whose deletion was broken off. */
  half_deleted: string[];
  /** All tags that runs and sweeps of the folder have. */
  tags: string[];
  /** Other folders that hold runs, where nobody said which one is meant. */
  elsewhere: string[];
};

/** The runs and sweeps of a folder, the newest first. What is damaged is listed with what is wrong. */
export async function listRuns(
  folder: string,
  { tag = [], all = false, headlines = false, elsewhere = false }: ListOptions,
): Promise<ListedRuns> {
  const others = elsewhere ? othersBeside(folder) : [];
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(
      [
        `${folder}: no such folder; candor run and candor sweep make runs/ where they are started`,
        ...elsewhereLines(others),
      ].join("; "),
    );
  const { runs, sweeps, damaged } = await openLibrary(folder).list();
  const alone = runs
    .filter(({ sweep }) => sweep === null)
    .map((run) => ({ id: run.id, name: run.name, labels: run.labels, runs: [run] }));
  const entries = [
    ...alone.map((one) => ({ ...one, kind: "run" as const })),
    ...sweeps.map((one) => ({ ...one, kind: "sweep" as const })),
  ];
  // The folder itself may be a run or sweep: then that is what is listed.
  const itself = basename(resolve(folder));
  const isItself = isSweepFolder(folder) || existsSync(runPaths(folder).run);
  const pathOf = (id: string) => (isItself && id === itself ? folder : join(folder, id));
  const listed = entries
    .map(({ id, name, kind, labels, runs: own }) => {
      return {
        folder: pathOf(id),
        name: labels?.name ?? name,
        kind,
        status: kind === "run" ? own[0]!.status : sweepStatus(own),
        rounds: Math.max(...own.map(({ rounds }) => rounds)),
        seeds: new Set(own.map(({ seed }) => seed)).size,
        honesty: honestyOf(own),
        changed: Math.max(...own.map(({ changed }) => changed)),
        tags: labels?.tags ?? [],
        note: labels?.note ?? null,
        archived: labels?.archived === true,
      };
    })
    .filter(({ tags }) => tag.every((one) => tags.includes(one)));
  const shown = listed.filter(({ archived }) => all || !archived).sort((a, b) => b.changed - a.changed);
  const told: ListedRun[] = [];
  for (const run of shown) {
    const { bytes } = await sizeOf(run.folder);
    told.push({ ...run, bytes, ...(headlines ? { headline: await headlineOf(run.folder) } : {}) });
  }
  return {
    runs: told,
    damaged: damaged
      .filter(({ sweep }) => sweep === null)
      .map(({ id, problem }) => ({ folder: pathOf(id), problem })),
    archived: listed.length - shown.length,
    half_deleted: await halfDeleted(folder),
    tags: [...new Set(entries.flatMap(({ labels }) => labels?.tags ?? []))].sort(),
    elsewhere: others,
  };
}

/** `3 of 4 done, 1 failed`: what has not begun is what is left of them. */
function sweepStatus(runs: readonly { status: string }[]): string {
  const told = ["failed", "damaged", "interrupted", "stopped", "running"].flatMap((kind) => {
    const count = runs.filter(({ status }) => status === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const done = runs.filter(({ status }) => status === "done").length;
  return [`${done} of ${runs.length} done`, ...told].join(", ");
}

async function headlineOf(folder: string): Promise<ListedRun["headline"]> {
  try {
    const { verdict, sentence } = (await readOutcome(folder)).headline;
    return { verdict, sentence };
  } catch (error) {
    // Nothing has been measured yet.
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The list as people read it. */
export function runsTable(
  { runs, damaged, archived, half_deleted, tags, elsewhere }: ListedRuns,
  folder: string,
  { now = Date.now(), tag = [] }: { now?: number; tag?: readonly string[] | undefined } = {},
): string {
  const table = plainTable([
    "folder",
    "name",
    "status",
    "rounds",
    "seeds",
    "honesty",
    "size",
    "age",
    "tags",
    "note",
  ]);
  for (const run of runs) {
    const { honesty } = run;
    table.push([
      run.folder,
      run.archived ? `${run.name} (archived)` : run.name,
      run.status,
      run.rounds,
      run.seeds,
      honesty ? honestyWords(honesty) : "",
      sizeWords(run.bytes),
      ageWords(now - run.changed),
      run.tags.join(", "),
      short(run.note ?? ""),
    ]);
  }
  return [
    runs.length === 0 ? noneWords(folder, { archived, tag, tags }) : table.toString(),
    ...runs.flatMap(({ folder: at, headline }) => (headline ? [`${at}: ${headline.sentence}`] : [])),
    ...damaged.map((one) => `damaged: ${one.folder}: ${one.problem}`),
    ...half_deleted.map((one) => `half deleted: ${one}; candor runs delete ${one} finishes that`),
    ...(archived > 0 ? [`${archived} archived; --all lists them too`] : []),
    ...elsewhereLines(elsewhere),
    "",
  ].join("\n");
}

/** That another folder holds runs too, with what lists them. */
function elsewhereLines(folders: readonly string[]): string[] {
  if (folders.length === 0) return [];
  const hold = folders.length === 1 ? "holds" : "hold";
  return [`${listed(folders)} ${hold} runs too: candor runs list ${shellWord(folders[0]!)}`];
}

function noneWords(
  folder: string,
  { archived, tag, tags }: { archived: number; tag: readonly string[]; tags: readonly string[] },
): string {
  const listed = archived > 0 ? " that are listed" : "";
  if (tag.length === 0) return `${folder} holds no runs${listed}`;
  const [unknown] = tag.filter((one) => !tags.includes(one));
  const meant = unknown === undefined ? "" : didYouMean(unknown, tags);
  return `${folder} holds no runs${listed} with the ${tag.length === 1 ? "tag" : "tags"} ${tag.join(", ")}${meant}`;
}

/** `3.4 MB` */
export function sizeWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${number(bytes / 1000 ** step)} ${units[step]}`;
}

/** `5 min`, `3 h`, `12 d` */
function ageWords(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

const short = (text: string): string => {
  const [first = ""] = text.split("\n");
  return first.length > 40 || first !== text ? `${first.slice(0, 39)}…` : first;
};
