import { existsSync } from "node:fs";
import { complaints } from "../complaints.js";
import { listed } from "../listed.js";
import { counted } from "../numbers.js";
import { cellFolder, isSweepFolder, readRunIn, readSweepIn, runPaths } from "../runs/index.js";
import type { FileKind } from "./types.js";

type RunReading = Awaited<ReturnType<typeof readRunIn>>;

const isRun = (folder: string): boolean => existsSync(runPaths(folder).run);

/** The folder of a run or sweep: every byte of what is finished is held against what was written down when it was. */
export const run: FileKind = {
  name: "run",
  is: "the folder of a run or sweep",
  use: "candor show and candor report take it; to go on with it, give its scenario again",
  likeness: ({ path, form }) => (form === "folder" && (isSweepFolder(path) || isRun(path)) ? 1 : 0),
  check: async (path) => {
    const { verifyTablesOfRun, verifyTablesOfSweep } = await import("./tables.js");
    if (!isSweepFolder(path)) {
      const looked = await whole(path);
      return `run ${runWords(looked)}${tablesWords(await verifyTablesOfRun(path, looked.manifest))}`;
    }
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
    const manifests = looked.flatMap((one) => (one.status === "fulfilled" ? [one.value.manifest] : []));
    const tables = begun.length === cells.length ? await verifyTablesOfSweep(path, cells, manifests) : [];
    return `sweep "${scenario.name}", ${begun.length} of ${counted(cells.length, "run")} begun; all that is finished is whole${tablesWords(tables)}`;
  },
};

const tablesWords = (names: readonly string[]): string =>
  names.length === 0 ? "" : `; ${listed(names)} ${names.length === 1 ? "is" : "are"} what its probes give`;

/** A run whose finished files are as they were written. Throws a DamagedFile where one is not. */
async function whole(folder: string): Promise<RunReading> {
  const read = await readRunIn(folder);
  await read.disk.verify();
  return read;
}

function runWords({ manifest: { scenario, status }, rounds }: RunReading): string {
  const done = Math.max(0, rounds.length - 1);
  return `"${scenario.name}", ${status}, ${done} of ${counted(scenario.rounds, "round")}; all that is finished is whole`;
}
