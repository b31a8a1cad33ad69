import { parse } from "csv-parse/sync";
import { z } from "zod";
import { csvFault } from "./csv-fault.js";
import { lineCounter } from "./csv-lines.js";
import { mistaken, UserError } from "./errors.js";
import { type Separator, separatorOf } from "./separator.js";

/** A row by its columns, with the line that it begins on. */
export type CsvRow = { line: number; cells: Record<string, string> };

export type CsvOptions = {
  /** What stands between cells; found out from the head if absent. */
  separator?: Separator;
  /** Whether rows may end before the last column. */
  short?: boolean;
  /** Columns that are passed over. */
  skip?: (column: string) => boolean;
};

const parsed = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ bytes: z.int() }) }),
);

/**
 * The rows of a CSV text with a head; `name` is how messages call it. Throws a UserError where it is none, a column stands twice, or
 * the text breaks off within a row.
 */
export function readCsv(text: string, name: string, options: CsvOptions = {}): CsvRow[] {
  const { separator = separatorOf(text), short = false, skip = () => false } = options;
  let width = 0;
  const bytes = Buffer.from(text);
  const records = parsed.parse(
    refusing(name, bytes, () =>
      parse(bytes, {
        columns: (head: string[]) => {
          const columns = columnsOf(head, name).map((one) => (skip(one) ? undefined : one));
          width = columns.filter((one) => one !== undefined).length;
          return columns;
        },
        delimiter: separator,
        info: true,
        skip_empty_lines: true,
        relax_column_count_less: short,
      }),
    ),
  );
  const lineOf = lineCounter(bytes);
  const rows = records.map(({ record, info }) => ({
    line: lineOf(info.bytes, Object.values(record)),
    cells: record,
  }));
  // What was cut off in the middle of a row would be read as if it were whole.
  const last = rows.at(-1);
  if (last && !/[\n\r]$/u.test(text) && Object.keys(last.cells).length < width)
    throw mistaken({
      file: name,
      line: last.line,
      what: "breaks off before its last column; export it again, or end the file with a line break if it is whole",
    });
  return rows;
}

function refusing<T>(name: string, bytes: Buffer, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw mistaken(csvFault(name, bytes, error));
  }
}

/** Of two columns of one name the last would count. */
function columnsOf(head: readonly string[], name: string): string[] {
  const columns = head.map((one) => one.trim());
  const twice = columns.find((one, index) => one !== "" && columns.indexOf(one) !== index);
  if (twice !== undefined)
    throw mistaken({ file: name, line: 1, what: `column ${twice} stands twice; name one otherwise` });
  return columns;
}
