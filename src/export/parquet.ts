import type { SchemaElement } from "hyparquet";
import type { Column, ColumnType, Table, TableRow, Value } from "./table.js";

const ROW_GROUP = 5_000;

/**
 * Writes a table as Parquet (Snappy). Messages are a list of structs and ratings a list of numbers, as data frames and
 * data set libraries have them; free-form values are their JSON text.
 */
export async function writeParquet({ columns, rows }: Table, path: string): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import("hyparquet-writer");
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: converted(rows(), types),
    columns: columns.map(({ name }) => ({ name })),
    schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(schemaOf)],
    rowGroupSize: ROW_GROUP,
    createdBy: "candor",
  });
}

function schemaOf({ name, type }: Column): SchemaElement[] {
  const optional = "OPTIONAL" as const;
  const utf8 = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: optional } as const;
  const list = (element: SchemaElement[]): SchemaElement[] => [
    { name, converted_type: "LIST", repetition_type: optional, num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    ...element,
  ];
  switch (type) {
    case "integer":
      return [{ name, type: "INT64", repetition_type: optional }];
    case "number":
      return [{ name, type: "DOUBLE", repetition_type: optional }];
    case "numbers":
      return list([{ name: "element", type: "DOUBLE", repetition_type: optional }]);
    case "messages":
      return list([
        { name: "element", repetition_type: optional, num_children: 2 },
        { name: "role", ...utf8 },
        { name: "content", ...utf8 },
      ]);
    default:
      return [{ name, ...utf8 }];
  }
}

async function* converted(rows: AsyncIterable<TableRow>, types: ReadonlyMap<string, ColumnType>) {
  for await (const row of rows)
    yield Object.fromEntries([...types].map(([name, type]) => [name, convert(row[name] ?? null, type)]));
}

function convert(cell: Value, type: ColumnType): unknown {
  if (cell === null) return null;
  if (type === "json") return JSON.stringify(cell);
  return type === "integer" && typeof cell === "number" ? BigInt(cell) : cell;
}
