import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { driftCsv, estimateDrift } from "../../src/drift/index.js";
import { UserError } from "../../src/errors.js";
import { pick } from "../../src/random.js";
import { readObservations, readRunIn } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { playedBy, tinyScenario } from "../simulation/world.js";
import type { Target } from "./fuzz.js";
import { mutate } from "./mutate.js";

/** Two runs of one scenario with other seeds: what belongs to one may come to stand in the other. */
async function twoRuns() {
  const world = mkdtempSync(join(tmpdir(), "candor-fuzz-runs-"));
  const played = [1, 2].map((seed) => ({
    loaded: tinyScenario("rounds=2", `seed=${seed}`),
    folder: join(world, String(seed)),
  }));
  for (const { loaded, folder } of played) await run(loaded.scenario, playedBy(loaded, folder));
  return { world, own: played[0]!, other: played[1]! };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => /^(?:rounds|checkpoints|run\.json|usage\.json|run\.log|drift)/u.test(path))
    .sort();

/**
 * The files of a run's folder, one damaged at a time, or another run's in its place: whoever reads the run is refused by the
 * folder's name, or gets the numbers that were there. `resume`: the run goes on from there too.
 */
export async function runFolder(resume: boolean): Promise<Target> {
  const { world, own, other } = await twoRuns();
  const names = filesIn(own.folder);
  const all = names.map((name) => readFileSync(join(own.folder, name)));
  const expected = readFileSync(join(own.folder, "drift.csv"), "utf8");
  const put = (folder: string, name: string, bytes: Buffer): void => {
    // A file of its own, as another one that comes to stand there is.
    writeFileSync(join(world, "draft"), bytes);
    renameSync(join(world, "draft"), join(folder, name));
  };
  const numbers = async (folder: string): Promise<string> => {
    const { manifest, disk } = await readRunIn(folder);
    await disk.verify();
    return driftCsv(estimateDrift(await readObservations(folder, manifest)));
  };
  let copy = "";
  const read: Target["read"] = async (_bytes, random) => {
    const name = pick(random, names);
    const damaged =
      random() < 0.15
        ? readFileSync(join(other.folder, name))
        : mutate(all[names.indexOf(name)]!, pick(random, all), random);
    copy = mkCopy();
    try {
      put(copy, name, damaged);
      if (resume) await run(own.loaded.scenario, playedBy(own.loaded, copy));
      const found = resume ? readFileSync(join(copy, "drift.csv"), "utf8") : await numbers(copy);
      return found === expected ? undefined : `another number, with ${name} damaged`;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  const mkCopy = (): string => {
    const folder = mkdtempSync(join(world, "copy-"));
    cpSync(own.folder, folder, { recursive: true });
    return folder;
  };
  return {
    name: resume ? "a run that goes on" : "a run's folder",
    weight: 0,
    corpus: all,
    read,
    refusal: (error) => error instanceof UserError && error.message.includes(copy),
  };
}
