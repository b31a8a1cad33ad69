import { type Draft, draftFile } from "../../whole/index.js";
import type { Seal } from "./read.js";

/** Letters that are written at once: a file of any size costs no more memory than that. */
const PIECE = 2 ** 20;

/** Writes values as JSON lines beside their place. */
export async function draftLines(path: string, values: Iterable<unknown>): Promise<Draft & { seal: Seal }> {
  let lines = 0;
  function* pieces(): Generator<string> {
    let piece = "";
    for (const value of values) {
      piece += `${JSON.stringify(value)}\n`;
      lines += 1;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
    yield piece;
  }
  const draft = await draftFile(path, pieces());
  return { ...draft, seal: { lines, sha256: draft.sha256 } };
}

/** Writes values as JSON lines, whole or not at all. */
export async function writeLines(path: string, values: Iterable<unknown>): Promise<void> {
  const draft = await draftLines(path, values);
  await draft.place();
}
