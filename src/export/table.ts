/** What a column holds; `messages` is a list of role and content, `json` any value as its JSON text. */
export type ColumnType = "string" | "integer" | "number" | "messages" | "numbers" | "json";

export type Column = { name: string; type: ColumnType; about: string };

export type Value = string | number | null | readonly unknown[] | Record<string, unknown>;
export type TableRow = Record<string, Value>;

/** Rows that are read as they are written, a round at a time: large runs need not fit into memory. */
export type Table = {
  name: string;
  about: string;
  columns: readonly Column[];
  rows: () => AsyncIterable<TableRow>;
};
