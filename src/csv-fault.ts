import { CsvError } from "csv-parse/sync";

/** Why a text is no table: with its line and in our words where the parser tells them, as `a.csv:3: 2 cells …`. */
export function csvFault(path: string, error: unknown): string {
  if (!(error instanceof CsvError)) return `${path}: not a CSV file: ${(error as Error).message}`;
  const { code, lines, columns, record } = error as CsvError & Record<string, unknown>;
  const where = `${path}:${String(lines)}`;
  if (code === "CSV_RECORD_INCONSISTENT_COLUMNS" && Array.isArray(columns) && Array.isArray(record))
    return `${where}: ${counted(record.length)} where the first line has ${columns.length}; put cells that hold a separator, a quote or a new line in quotes`;
  if (code === "CSV_QUOTE_NOT_CLOSED")
    return `${where}: a quote that was opened before is not closed; close it, or write a quote within a cell twice`;
  return `${where}: not a CSV file: ${error.message}`;
}

const counted = (cells: number): string => `${cells} ${cells === 1 ? "cell" : "cells"}`;
