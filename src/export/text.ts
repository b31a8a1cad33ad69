import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { csv } from "../drift/index.js";
import type { Table, TableRow, Value } from "./table.js";

const BATCH = 500;

/** Writes a table as comma-separated values (RFC 4180); lists and records as their JSON. */
export async function writeCsv({ columns, rows }: Table, path: string): Promise<void> {
  const names = columns.map(({ name }) => name);
  await writePieces(path, batches(rows()), (batch, first) => {
    const text = csv(names, batch.map(flat));
    return first ? text : text.slice(text.indexOf("\n") + 1);
  });
}

/** Writes a table as JSON lines. */
export async function writeJsonLines({ columns, rows }: Table, path: string): Promise<void> {
  const names = columns.map(({ name }) => name);
  await writePieces(path, batches(rows()), (batch) =>
    batch
      .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))}\n`)
      .join(""),
  );
}

function flat(row: TableRow): Record<string, string | number | null> {
  const text = (cell: Value) => (typeof cell === "object" && cell !== null ? JSON.stringify(cell) : cell);
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, text(cell)]));
}

/** Rows some at a time, at least one batch: an empty table has a head too. */
async function* batches(rows: AsyncIterable<TableRow>): AsyncIterable<TableRow[]> {
  let batch: TableRow[] = [];
  let any = false;
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    any = true;
    batch = [];
  }
  if (batch.length > 0 || !any) yield batch;
}

async function writePieces(
  path: string,
  pieces: AsyncIterable<TableRow[]>,
  textOf: (batch: TableRow[], first: boolean) => string,
): Promise<void> {
  const file = createWriteStream(path);
  let first = true;
  for await (const piece of pieces) {
    if (!file.write(textOf(piece, first))) await once(file, "drain");
    first = false;
  }
  file.end();
  await finished(file);
}
