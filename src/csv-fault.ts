import { CsvError } from "csv-parse/sync";
import { z } from "zod";
import type { Mistake } from "./mistakes.js";

/** What the parser tells of a row beside its message. */
const toldSchema = z.object({
  lines: z.number(),
  columns: z.array(z.unknown()).optional().catch(undefined),
  record: z.array(z.unknown()).optional().catch(undefined),
});

/** Why a text is no table: with its line and in our words where the parser tells them. */
export function csvFault(file: string, error: unknown): Mistake {
  const told = error instanceof CsvError ? toldSchema.safeParse(error).data : undefined;
  if (!(error instanceof CsvError) || told === undefined)
    return { file, what: `not a CSV file: ${error instanceof Error ? error.message : String(error)}` };
  return { file, line: told.lines, what: inWords(error, told) };
}

function inWords(error: CsvError, told: z.output<typeof toldSchema>): string {
  if (error.code === "CSV_RECORD_INCONSISTENT_COLUMNS" && told.columns && told.record)
    return `${counted(told.record.length)} where the first line has ${told.columns.length}; put cells that hold a separator, a quote or a new line in quotes`;
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return "a quote that was opened before is not closed; close it, or write a quote within a cell twice";
  return `not a CSV file: ${error.message}`;
}

const counted = (cells: number): string => `${cells} ${cells === 1 ? "cell" : "cells"}`;
