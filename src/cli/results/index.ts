import { join } from "node:path";
import { type Observation, pooled } from "../../drift/index.js";
import { honestyTable, verdictTable } from "./tables.js";

export { evalTable } from "./tables.js";

export type Report = {
  folder: string;
  observations: readonly Observation[];
  failed: readonly { label: string; error: string; log: string }[];
  /** Print one JSON object instead of tables. */
  json?: boolean;
};

/** Prints what came out on stdout, and on stderr what is missing from it. */
export async function report({ folder, observations, failed, json }: Report): Promise<void> {
  const files = { drift: join(folder, "drift.csv") };
  const rows = pooled(observations);
  if (json) {
    print(JSON.stringify({ folder, files, pooled: rows, failed }, null, 2));
    return;
  }
  if (rows.length > 0) {
    print("\nHonesty in percent, by fraction of biased users and round, with 95 % intervals\n");
    print(honestyTable(rows));
    print("\nBeside it, in percent\n");
    print(verdictTable(rows));
  }
  print("");
  for (const [name, path] of Object.entries(files)) print(`${name.padEnd(8)} ${path}`);
  if (failed.length === 0) return;
  process.stderr.write(`\ncandor: ${failed.length} runs failed; the same command tries them again\n`);
  for (const { label, error, log } of failed)
    process.stderr.write(`candor: ${label}: ${error}; see ${log}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
