import { join, relative } from "node:path";
import { readSource } from "../report/index.js";
import { requireOutsideOfRuns } from "../runs/index.js";
import { wholeFolder } from "../whole/index.js";
import { type ResultFormat, resultFormats } from "./formats.js";
import { writeWarnings } from "./warnings.js";

/**
 * Writes a run's or sweep's results into a folder that is new or empty, whole or not at all. Returns the files. Throws a
 * UserError where there is nothing to write, or nowhere to write it.
 */
export async function exportResults(folder: string, format: ResultFormat, out: string): Promise<string[]> {
  requireOutsideOfRuns(out, { of: folder });
  const source = await readSource(folder);
  const write = await resultFormats[format]();
  return await wholeFolder(out, async (draft) => {
    const paths = [...(await write(source, draft)), ...writeWarnings(source, draft)];
    return paths.map((path) => join(out, relative(draft, path)));
  });
}
