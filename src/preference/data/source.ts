import { type MethodName, methods } from "../../methods/index.js";
import type { Scenario } from "../../scenario/index.js";
import { dataFor } from "../kind-of-rows.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { KtoRow, PreferenceData } from "../types.js";
import { assemble } from "./assemble.js";
import type { DataRow } from "./types.js";

/** Data files that stand in for users, conversations and their selection. */
export type DataSource = {
  /** The names that scenarios give the files. */
  files: readonly string[];
  /** The training rows of a round. */
  rows: (round: number) => PreferenceData;
};

/** Data files alone; logs have marks, from which rows are selected. */
export type SourceSettings = Extract<Scenario["source"], { kind: "direct" | "mixture" }>;

/** The rows of the files that a scenario names under `source`, by the field that names them. */
export type SourceRows = {
  data: { file: string; rows: readonly DataRow[] };
  /** Of a mixture. */
  added: { file: string; rows: readonly DataRow[] } | null;
};

/** Rows for every round from what the files hold. `seed` names the run's random stream. */
export function openSource(
  settings: SourceSettings,
  { data, added }: SourceRows,
  { method, seed }: { method: MethodName; seed: string },
): DataSource {
  const request = {
    ordinary: data.rows,
    added: added?.rows ?? [],
    share: settings.kind === "direct" ? 0 : settings.share,
    rows: settings.rows,
    seed: `${seed}/source`,
  };
  return {
    files: [data.file, ...(added ? [added.file] : [])],
    rows: (round) => {
      const assembled = assemble({ ...request, round });
      const rows = assembled.map(({ row, added }) =>
        added ? { ...row, source: { ...row.source, added: true as const } } : row,
      );
      return dataFor(
        method,
        methods[method].rows === "labelled" ? shuffleKtoRows(rows as KtoRow[], `${seed}/${round}`) : rows,
      );
    },
  };
}

/**
 * Share of rows that the experiment is about: what `drift.csv` calls biased. Data whose variant is normal has none. Of logs all
 * counts: what real users are like nobody knows.
 */
export function studiedShare(settings: Exclude<Scenario["source"], "interaction">): number {
  if (settings.kind === "logs") return 1;
  if (settings.variant === "normal") return 0;
  return settings.kind === "direct" ? 1 : settings.share;
}
