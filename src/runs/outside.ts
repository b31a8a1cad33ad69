import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.js";
import type { ProbeResult } from "../evaluation/types.js";
import { group } from "../group.js";
import { ifThere, type Within } from "./disk/index.js";
import { readLines, writeLines } from "./lines/index.js";
import { readRunIn } from "./read-run.js";
import { probeSchema } from "./schema.js";

// What another harness found of a round's checkpoint stands beside the round's own files, which stay as they were finished.

const NAME = /^outside-([\w-]+)\.jsonl$/u;
const ADVICE = "delete it, or import the results again";

/** The results of other harnesses in a round's folder. */
export async function readOutsideResults(folder: string, within?: Within): Promise<ProbeResult[]> {
  const names = ((await ifThere(readdir(folder))) ?? []).filter((name) => NAME.test(name)).sort();
  const results: ProbeResult[] = [];
  for (const name of names)
    results.push(
      ...((await readLines(join(folder, name), { schema: probeSchema, advice: ADVICE, within })) ?? []),
    );
  return results;
}

/** What an import did: how many results of the suite stood at the round before, and whether they were these very ones. */
export type Added = { before: number; unchanged: boolean };

/**
 * Puts results of another harness beside a complete round, in place of those of the same suite. Throws a UserError where there is no
 * such round, the run has a suite of that name itself, or these very results stand elsewhere in the run already (one file given for two
 * rounds would be a flat curve that nobody measured) unless `alike` says that they came about twice.
 */
export async function addOutsideResults(
  folder: string,
  { round, suite, alike = false }: { round: number; suite: string; alike?: boolean },
  results: readonly ProbeResult[],
): Promise<Added> {
  const { rounds, disk, manifest } = await readRunIn(folder);
  const found = rounds.find((one) => one.round === round);
  if (!found)
    throw new UserError(`${folder}: round ${round} is not complete; it has rounds 0 to ${rounds.length - 1}`);
  if (Object.hasOwn(manifest.scenario.evaluation.suites, suite))
    throw new UserError(
      `${folder}: has a suite ${suite} of its own; give the results another name with --suite`,
    );
  const own = contentOf(results);
  let before: ProbeResult[] = [];
  for (const other of rounds) {
    const known = await readOutsideResults(disk.round(other.round).paths.folder);
    for (const [name, all] of group(known, (one) => one.suite)) {
      if (other.round === round && name === suite) before = all;
      else if (!alike && contentOf(all) === own)
        throw new UserError(
          `${folder}: round ${other.round} has these very results already${name === suite ? "" : `, as suite ${name}`}; give the file of round ${round}'s own checkpoint, or say --alike if all answers did come out the same twice`,
        );
    }
  }
  await writeLines(join(disk.round(round).paths.folder, `outside-${suite}.jsonl`), results);
  return { before: before.length, unchanged: before.length > 0 && contentOf(before) === own };
}

/** What results say, under whatever name and in whatever order. */
function contentOf(results: readonly ProbeResult[]): string {
  const said = results.map(({ probe, scores, error, samples }) =>
    JSON.stringify([probe, Object.entries(scores).sort(), error, samples.map(({ reply }) => reply)]),
  );
  return said.sort().join("\n");
}
