import { dirname, resolve } from "node:path";
import { UserError } from "../../errors.js";
import { namedFile, type Scenario, shownPath } from "../../scenario/index.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { KtoRow, Method, PreferenceData } from "../types.js";
import { assemble } from "./assemble.js";
import { readDataFile } from "./read-file.js";
import type { DataRow } from "./types.js";

/** Data files that stand in for users, conversations and their selection. */
export type DataSource = {
  /** The files by the name that scenarios give them, with where they stand. */
  files: Readonly<Record<string, string>>;
  /** The training rows of a round. */
  rows: (round: number) => PreferenceData;
};

export type SourceSettings = Exclude<Scenario["source"], "interaction">;

/**
 * Reads what a scenario names under `source`. Throws a UserError if a file is missing or malformed, or its rows are none
 * that the method can learn from.
 */
export function openSource(
  settings: SourceSettings,
  { scenarioPath, method, seed }: { scenarioPath: string; method: Method; seed: string },
): DataSource {
  const files: Record<string, string> = {};
  const read = (field: string, name: string): DataRow[] => {
    files[name] = findFile(field, name, scenarioPath);
    const rows = readDataFile(files[name], name);
    for (const row of rows) checkMethod(row, method);
    return rows;
  };
  const shared = { rows: settings.rows, seed: `${seed}/source` };
  const request =
    settings.kind === "direct"
      ? { ordinary: read("data", inVariant(settings.data, settings.variant)), added: [], share: 0 }
      : {
          ordinary: read("data", settings.data),
          added: read("added", inVariant(settings.added, settings.variant)),
          share: settings.share,
        };
  return {
    files,
    rows: (round) => {
      const assembled = assemble({ ...shared, ...request, round });
      const rows = assembled.map(({ row, added }) =>
        added ? { ...row, source: { ...row.source, added: true as const } } : row,
      );
      if (method === "kto") return { method, rows: shuffleKtoRows(rows as KtoRow[], `${seed}/${round}`) };
      return { method, rows } as PreferenceData;
    },
  };
}

/** Share of rows that the experiment is about: what `drift.csv` calls biased. Data whose variant is normal has none. */
export function studiedShare(settings: SourceSettings): number {
  if (settings.variant === "normal") return 0;
  return settings.kind === "direct" ? 1 : settings.share;
}

function inVariant(name: string, variant: string | undefined): string {
  return variant === undefined ? name : `${name.replace(/\/+$/u, "")}/${variant}.jsonl`;
}

/** Beside the scenario, or else among the shipped files. */
function findFile(field: string, name: string, scenarioPath: string): string {
  const found = namedFile(name, scenarioPath, ".");
  if (found) return found;
  const expected = shownPath(resolve(dirname(scenarioPath), name));
  throw new UserError(`${shownPath(scenarioPath)} source.${field}: no such file: ${expected}`);
}

function checkMethod(row: DataRow, method: Method): void {
  const { interaction: where } = row.source;
  const isPair = "chosen" in row;
  if (method === "dpo" && !isPair)
    throw new UserError(`${where}: dpo needs chosen and rejected in every row; use sft for replies alone`);
  if (method !== "dpo" && isPair)
    throw new UserError(`${where}: ${method} cannot learn from chosen and rejected; use dpo`);
  if (method === "kto" && !("label" in row))
    throw new UserError(`${where}: kto needs a label (true or false) in every row`);
  if (method === "sft" && "label" in row && row.label === false)
    throw new UserError(`${where}: sft would imitate a row whose label is false; use kto`);
}
