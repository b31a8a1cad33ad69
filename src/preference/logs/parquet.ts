import { setImmediate } from "node:timers/promises";
import type { FileMetaData } from "hyparquet";
import { UserError } from "../../errors.js";
import { MOST } from "../../limits.js";
import { readPlainFile } from "../../plain-file.js";
import { parseJsonText } from "../../yaml/index.js";
import type { LogRecord } from "./types.js";

/** The rows of a Parquet file. Its reader is told to take no value that is only nearly one, and what it makes up for others is found. */
export async function parquetRecords(path: string, name: string): Promise<LogRecord[]> {
  const bytes = readPlainFile(path, { name });
  try {
    const { parquetMetadata } = await import("hyparquet");
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    checkCounts(metadata);
    const rows = await readRows(file, metadata);
    const cut = rows.findIndex((row) => Object.values(row).includes(undefined));
    // A null is null: undefined is what stands where a column, or its dictionary, has come to its end.
    if (cut >= 0) throw new Error(`row ${cut + 1} lacks a value: the file is damaged`);
    return rows.map((value, index) => ({ place: { file: name, row: index + 1 }, value }));
  } catch (error) {
    throw new UserError(
      `${name}: cannot be read as Parquet: ${reason(error)}; uncompressed and Snappy are read`,
    );
  }
}

/**
 * All rows. The reader begins with every column and may give up before it waits for them (where the schema lacks one, say): what
 * the others then find wrong would be an error that nobody waits for, and end the process. So none gets its bytes before the
 * reader waits, nor after it has given up.
 */
async function readRows(bytes: ArrayBuffer, metadata: FileMetaData): Promise<Record<string, unknown>[]> {
  const { parquetReadObjects } = await import("hyparquet");
  let over = false;
  const slice = async (start: number, end?: number): Promise<ArrayBuffer> => {
    await setImmediate();
    return over ? new Promise<never>(() => {}) : bytes.slice(start, end);
  };
  const file = { byteLength: bytes.byteLength, slice };
  try {
    return await parquetReadObjects({ file, metadata, parsers: PARSERS });
  } finally {
    over = true;
  }
}

/** Why the reader gave up. Where it tripped, its own words say nothing. */
const reason = (error: unknown): string =>
  error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError
    ? "a part of it is missing or of another form: the file is damaged"
    : (error as Error).message;

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string {
  try {
    return text.decode(bytes);
  } catch {
    throw new Error("a text in it is not UTF-8");
  }
}

/** Nulls come here too, though the types do not say so. */
const PARSERS = {
  stringFromBytes: (bytes: Uint8Array | null | undefined) => bytes && decoded(bytes),
  jsonFromBytes: (bytes: Uint8Array | null | undefined) =>
    bytes && parseJsonText(decoded(bytes), { file: "a cell" }),
};

/** Throws an Error where the parts of a file tell of different rows, or columns of one name, of which one would count. */
function checkCounts({ schema, num_rows, row_groups }: FileMetaData): void {
  const sum = row_groups.reduce((total, group) => total + group.num_rows, 0n);
  if (sum !== num_rows) throw new Error(`it says ${num_rows} rows, and its parts have ${sum}`);
  if (num_rows > MOST.rows) throw new Error(`it has ${num_rows} rows; at most ${MOST.rows} are read`);
  for (const { columns, num_rows: rows } of row_groups) {
    const flat = columns.filter(({ meta_data }) => meta_data?.path_in_schema.length === 1);
    const short = flat.find(({ meta_data }) => meta_data!.num_values < rows);
    if (short)
      throw new Error(
        `column ${short.meta_data!.path_in_schema[0]} has ${short.meta_data!.num_values} values for ${rows} rows`,
      );
  }
  const names = columnsOf(schema);
  const twice = names.find((one, at) => names.indexOf(one) < at);
  if (twice !== undefined) throw new Error(`column ${twice} stands twice; name one otherwise`);
}

/** The names of the columns: the children of the root, whatever stands within them. */
function columnsOf([root, ...elements]: FileMetaData["schema"]): string[] {
  const names: string[] = [];
  let at = 0;
  const pass = (): void => {
    const { num_children = 0 } = elements[at] ?? {};
    at += 1;
    for (let child = 0; child < num_children && at < elements.length; child += 1) pass();
  };
  for (let column = 0; column < (root?.num_children ?? 0) && at < elements.length; column += 1) {
    names.push(elements[at]!.name);
    pass();
  }
  return names;
}
