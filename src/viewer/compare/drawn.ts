import { createHash } from "node:crypto";
import type { Figure } from "../../report/index.js";
import { themedFile } from "./figure.js";

const KEPT = 128;

/** SVG files that pages have been told of, the latest of them. */
export type DrawnFigures = {
  keep: (name: string, svg: string) => void;
  /** Undefined where it is no longer kept. */
  get: (name: string) => string | undefined;
};

export function openDrawn(): DrawnFigures {
  const files = new Map<string, string>();
  return { keep: (name, svg) => keep(files, name, svg), get: (name) => files.get(name) };
}

/** A figure as a file, named by what it holds, and the address that it is asked for by. */
export async function fileOf(figure: Figure): Promise<{ name: string; svg: string; place: string }> {
  const svg = await themedFile(figure);
  const name = createHash("sha256").update(svg).digest("hex").slice(0, 16);
  return { name, svg, place: `/api/figure/${name}.svg` };
}

/** Puts a value among those that are kept, and forgets the oldest. */
export function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
}
