import { shuffle, stream } from "../random.js";
import { spread } from "./spread.js";
import type { KtoRow } from "./types.js";

/** KTO's rows in a drawn order with rows of one prompt kept apart, because its z term compares neighbours in a batch. */
export function shuffleKtoRows(rows: readonly KtoRow[], seed: string): KtoRow[] {
  return spread(shuffle(stream(`${seed}/shuffle`), rows), (row) => JSON.stringify(row.prompt));
}
