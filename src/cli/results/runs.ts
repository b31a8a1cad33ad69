import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.js";
import { readLabels } from "../../runs/index.js";
import { openLibrary } from "../../viewer/index.js";
import { plainTable } from "./tables.js";

/** A run or sweep as lists show it. */
export type ListedRun = {
  folder: string;
  /** What people call it, or its scenario's name. */
  name: string;
  kind: "run" | "sweep";
  /** A run's status; of a sweep how many of its runs are done. */
  status: string;
  rounds: number;
  seeds: number;
  /** Honesty before training and now, in [0, 1], the mean over runs; null where it was not measured. */
  honesty: { before: number; now: number } | null;
  /** When something last changed, in ms since 1970. */
  changed: number;
  tags: string[];
  note: string | null;
  archived: boolean;
};

/** The runs and sweeps of a folder, the newest first. What is damaged is listed with what is wrong. */
export async function listRuns(
  folder: string,
  { tag = [], all = false }: { tag?: readonly string[]; all?: boolean },
): Promise<{ runs: ListedRun[]; damaged: { folder: string; problem: string }[]; archived: number }> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(
      `${folder}: no such folder; candor run and candor sweep make runs/ where they are started`,
    );
  const { runs, sweeps, damaged } = await openLibrary(folder).list();
  const alone = runs
    .filter(({ sweep }) => sweep === null)
    .map((run) => ({ id: run.id, name: run.name, runs: [run] }));
  const entries = [
    ...alone.map((one) => ({ ...one, kind: "run" as const })),
    ...sweeps.map((one) => ({ ...one, kind: "sweep" as const })),
  ];
  const listed = await Promise.all(
    entries.map(async ({ id, name, kind, runs: own }): Promise<ListedRun> => {
      const path = id === "." ? folder : join(folder, id);
      const labels = await readLabels(path);
      const done = own.filter(({ status }) => status === "done").length;
      return {
        folder: path,
        name: labels.name ?? name,
        kind,
        status: kind === "run" ? own[0]!.status : `${done} of ${own.length} done`,
        rounds: Math.max(...own.map(({ rounds }) => rounds)),
        seeds: new Set(own.map(({ seed }) => seed)).size,
        honesty: honestyOf(own),
        changed: Math.max(...own.map(({ changed }) => changed)),
        tags: labels.tags,
        note: labels.note ?? null,
        archived: labels.archived === true,
      };
    }),
  );
  const wanted = listed.filter(({ tags }) => tag.every((one) => tags.includes(one)));
  return {
    runs: wanted.filter(({ archived }) => all || !archived).sort((a, b) => b.changed - a.changed),
    damaged: damaged
      .filter(({ sweep }) => sweep === null)
      .map(({ id, problem }) => ({ folder: join(folder, id), problem })),
    archived: wanted.filter(({ archived }) => archived && !all).length,
  };
}

function honestyOf(runs: readonly { honesty: readonly (number | null)[] }[]): ListedRun["honesty"] {
  const ends = runs.flatMap(({ honesty }) => {
    const told = honesty.filter((value) => value !== null);
    return told.length === 0 ? [] : [{ before: told[0]!, now: told.at(-1)! }];
  });
  if (ends.length === 0) return null;
  const mean = (of: (one: (typeof ends)[number]) => number): number =>
    ends.reduce((sum, one) => sum + of(one), 0) / ends.length;
  return { before: mean(({ before }) => before), now: mean(({ now }) => now) };
}

/** The list as people read it. */
export function runsTable(
  { runs, damaged, archived }: Awaited<ReturnType<typeof listRuns>>,
  folder: string,
): string {
  const table = plainTable(["folder", "name", "status", "rounds", "seeds", "honesty", "tags", "note"]);
  for (const run of runs) {
    const { honesty } = run;
    table.push([
      run.folder,
      run.archived ? `${run.name} (archived)` : run.name,
      run.status,
      run.rounds,
      run.seeds,
      honesty ? `${percent(honesty.before)} → ${percent(honesty.now)} %` : "",
      run.tags.join(", "),
      short(run.note ?? ""),
    ]);
  }
  return [
    runs.length === 0 ? `${folder} holds no runs${archived > 0 ? " that are listed" : ""}` : table.toString(),
    ...damaged.map((one) => `damaged: ${one.folder}: ${one.problem}`),
    ...(archived > 0 ? [`${archived} archived; --all lists them too`] : []),
    "",
  ].join("\n");
}

const percent = (share: number): string => (100 * share).toFixed(1);

const short = (text: string): string => {
  const [first = ""] = text.split("\n");
  return first.length > 40 || first !== text ? `${first.slice(0, 39)}…` : first;
};
