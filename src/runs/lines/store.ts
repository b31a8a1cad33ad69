import type { Within } from "../disk/index.js";
import { LineIndex } from "./line-index.js";

/** The index of a file, up to date. */
export type IndexStore = <T>(
  path: string,
  skim: (line: Buffer) => T,
  within?: Within,
) => Promise<LineIndex<T>>;

/** Keeps the indices of the files that were asked for last. A file is always asked for in the same way. */
export function indexStore(most = 400): IndexStore {
  const kept = new Map<string, LineIndex<unknown>>();
  return async <T>(path: string, skim: (line: Buffer) => T, within?: Within) => {
    const index = (kept.get(path) as LineIndex<T> | undefined) ?? new LineIndex(path, skim, within);
    kept.delete(path);
    kept.set(path, index);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return await index.refresh();
  };
}
