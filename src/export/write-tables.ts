import { join } from "node:path";
import { writeParquet } from "./parquet.js";
import type { Table } from "./table.js";
import { writeCsv, writeJsonLines } from "./text.js";

const WRITERS = { csv: writeCsv, jsonl: writeJsonLines, parquet: writeParquet } as const;

/** Writes each table into a file of its own and returns the files. */
export async function writeTables(
  tables: readonly Table[],
  format: keyof typeof WRITERS,
  out: string,
): Promise<string[]> {
  const paths: string[] = [];
  for (const table of tables) {
    const path = join(out, `${table.name}.${format}`);
    await WRITERS[format](table, path);
    paths.push(path);
  }
  return paths;
}
