import { shuffle, stream } from "../random.js";
import { keepApart } from "./keep-apart.js";
import type { KtoRow } from "./types.js";

/** KTO's rows in a drawn order with rows of one prompt kept apart, because its z term compares neighbours in a batch. */
export function shuffleKtoRows(rows: readonly KtoRow[], seed: string): KtoRow[] {
  return spreadByPrompt(shuffle(stream(`${seed}/shuffle`), rows));
}

/** Rows in the given order but that neighbours have different prompts where that can be. */
export function spreadByPrompt<T extends Pick<KtoRow, "prompt">>(rows: readonly T[]): T[] {
  return keepApart(rows, (row) => JSON.stringify(row.prompt));
}
