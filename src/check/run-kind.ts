import { existsSync } from "node:fs";
import { complaints } from "../complaints.js";
import { listed } from "../listed.js";
import { counted } from "../numbers.js";
import { cellFolder, isSweepFolder, readRunIn, readSweepIn, runPaths } from "../runs/index.js";
import type { FileKind } from "./types.js";

const isRun = (folder: string): boolean => existsSync(runPaths(folder).run);

/** The folder of a run or sweep: every byte of what is finished is held against what was written down when it was. */
export const run: FileKind = {
  name: "run",
  is: "the folder of a run or sweep",
  use: "candor show and candor report take it; to go on with it, give its scenario again",
  likeness: ({ path, form }) => (form === "folder" && (isSweepFolder(path) || isRun(path)) ? 1 : 0),
  check: async (path) => {
    const { verifyTablesOfRun, verifyTablesOfSweep } = await import("./tables.js");
    if (!isSweepFolder(path)) return `run ${await whole(path)}${tablesWords(await verifyTablesOfRun(path))}`;
    const sweep = await readSweepIn(path);
    const { scenario, cells } = sweep;
    const begun = cells.map(({ hash }) => cellFolder(path, hash)).filter(isRun);
    const looked = await Promise.allSettled(begun.map(whole));
    const wrong = complaints();
    for (const one of looked)
      wrong.attempt(() => {
        if (one.status === "rejected") throw one.reason;
      });
    wrong.end(path);
    const tables = begun.length === cells.length ? await verifyTablesOfSweep(path, sweep) : [];
    return `sweep "${scenario.name}", ${begun.length} of ${counted(cells.length, "run")} begun; all that is finished is whole${tablesWords(tables)}`;
  },
};

const tablesWords = (names: readonly string[]): string =>
  names.length === 0 ? "" : `; ${listed(names)} ${names.length === 1 ? "is" : "are"} what its probes give`;

async function whole(folder: string): Promise<string> {
  const { manifest, rounds, disk } = await readRunIn(folder);
  await disk.verify();
  const { scenario, status } = manifest;
  const done = Math.max(0, rounds.length - 1);
  return `"${scenario.name}", ${status}, ${done} of ${counted(scenario.rounds, "round")}; all that is finished is whole`;
}
