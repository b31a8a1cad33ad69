import { CsvError } from "csv-parse/sync";
import { z } from "zod";

/** What the parser tells of a row beside its message. */
const toldSchema = z.object({
  lines: z.number(),
  columns: z.array(z.unknown()).optional().catch(undefined),
  record: z.array(z.unknown()).optional().catch(undefined),
});

/** Why a text is no table: with its line and in our words where the parser tells them, as `a.csv:3: 2 cells …`. */
export function csvFault(path: string, error: unknown): string {
  const told = error instanceof CsvError ? toldSchema.safeParse(error).data : undefined;
  if (!(error instanceof CsvError) || told === undefined)
    return `${path}: not a CSV file: ${error instanceof Error ? error.message : String(error)}`;
  const where = `${path}:${told.lines}`;
  if (error.code === "CSV_RECORD_INCONSISTENT_COLUMNS" && told.columns && told.record)
    return `${where}: ${counted(told.record.length)} where the first line has ${told.columns.length}; put cells that hold a separator, a quote or a new line in quotes`;
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return `${where}: a quote that was opened before is not closed; close it, or write a quote within a cell twice`;
  return `${where}: not a CSV file: ${error.message}`;
}

const counted = (cells: number): string => `${cells} ${cells === 1 ? "cell" : "cells"}`;
