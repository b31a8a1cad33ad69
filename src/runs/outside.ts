import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.js";
import type { ProbeResult } from "../evaluation/types.js";
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

/**
 * Puts results of another harness beside a complete round, in place of those of the same suite. Throws a UserError where there is no
 * such round, or the run has a suite of that name itself.
 */
export async function addOutsideResults(
  folder: string,
  round: number,
  suite: string,
  results: readonly ProbeResult[],
): Promise<void> {
  const { rounds, disk, manifest } = await readRunIn(folder);
  const found = rounds.find((one) => one.round === round);
  if (!found)
    throw new UserError(`${folder}: round ${round} is not complete; it has rounds 0 to ${rounds.length - 1}`);
  if (Object.hasOwn(manifest.scenario.evaluation.suites, suite))
    throw new UserError(
      `${folder}: has a suite ${suite} of its own; give the results another name with --suite`,
    );
  await writeLines(join(disk.round(round).paths.folder, `outside-${suite}.jsonl`), results);
}
