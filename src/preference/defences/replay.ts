import { shuffle, stream } from "../../random.js";
import { dataFor, kindOfRows } from "../kind-of-rows.js";
import { replayed } from "../shares.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { PreferenceData, SftRow } from "../types.js";
import type { Defence, ReplayRow } from "./types.js";

/**
 * Mixes rows of a file among those that users taught, so many that they are `share` of all: for KTO as desirable ones. Each
 * round draws anew; a file that is too small is gone through again. Where users taught nothing, nothing is added. Mixing
 * other data in to keep a trait that one objective wears away: Bai et al. 2022, "Training a Helpful and Harmless Assistant
 * with Reinforcement Learning from Human Feedback".
 */
export function replay(file: readonly ReplayRow[], share: number, name = "replay"): Defence {
  return {
    kind: "replay",
    amend: (data, { seed }) => {
      const count = replayed(share, data.rows.length);
      const added = drawRows(file, count, seed, name);
      return mixed(data, added, seed);
    },
  };
}

function drawRows(file: readonly ReplayRow[], count: number, seed: string, name: string): SftRow[] {
  const rows: SftRow[] = [];
  for (let turn = 0; rows.length < count; turn += 1) {
    const order = shuffle(stream(`${seed}/draw/${turn}`), [...file.keys()]);
    for (const line of order.slice(0, count - rows.length)) {
      const { parts, ...row } = file[line]!;
      const source = { interaction: `${name}:${line + 1}`, exchange: 0, replayed: true as const };
      rows.push({ ...row, source: parts ? { ...source, parts } : source });
    }
  }
  return rows;
}

function mixed(data: PreferenceData, added: readonly SftRow[], seed: string): PreferenceData {
  const { method } = data;
  const of = kindOfRows(data);
  switch (of.kind) {
    case "reply":
      return dataFor(method, shuffle(stream(`${seed}/shuffle`), [...of.rows, ...added]));
    case "labelled": {
      const rows = [...of.rows, ...added.map((row) => ({ ...row, label: true }))];
      return dataFor(method, shuffleKtoRows(rows, seed));
    }
    case "pair":
      // There is nothing to compare a row of the file with.
      return data;
  }
}
