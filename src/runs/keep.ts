import { rm } from "node:fs/promises";
import { openJsonl, readJsonl, writeJsonl } from "./jsonl.js";

/** The lines of a finished file, or else what `make` returns, written whole. */
export async function keep<T>(path: string, make: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const before = await readJsonl<T>(path);
  if (before) return before;
  const values = await make();
  await writeJsonl(path, values);
  return values;
}

/**
 * Like `keep`, for results that come one by one and are dear: until all are there they are appended to
 * `<name>.partial.jsonl`, which an interruption leaves behind and the next call goes on from. The finished file has them in
 * the order that `make` returns, so it does not show who was faster.
 */
export async function keepGrowing<T>(
  path: string,
  key: (value: T) => string,
  make: (done: ReadonlyMap<string, T>, add: (value: T) => Promise<void>) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const partial = path.replace(/\.jsonl$/u, ".partial.jsonl");
  const before = await readJsonl<T>(path);
  if (before) {
    // A kill may have come between the two.
    await rm(partial, { force: true });
    return before;
  }
  const file = await openJsonl<T>(partial);
  const values = await make(new Map(file.found.map((value) => [key(value), value])), file.append);
  await writeJsonl(path, values);
  await rm(partial, { force: true });
  return values;
}
