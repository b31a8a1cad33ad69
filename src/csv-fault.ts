import { CsvError } from "csv-parse/sync";
import { z } from "zod";
import { breaksIn, lineCounter } from "./csv-lines.js";
import type { Mistake } from "./mistakes.js";

/** What the parser tells of a row beside its message. */
const toldSchema = z.object({
  bytes: z.number(),
  columns: z.array(z.unknown()).optional().catch(undefined),
  record: z.array(z.string()).optional().catch(undefined),
});

/** Why a text is no table: with the line on which its row begins, and in our words, where the parser tells them. */
export function csvFault(file: string, bytes: Buffer, error: unknown): Mistake {
  const told = error instanceof CsvError ? toldSchema.safeParse(error).data : undefined;
  if (!(error instanceof CsvError) || told === undefined)
    return { file, what: `not a CSV file: ${error instanceof Error ? error.message : String(error)}` };
  return { file, line: lineOf(told, bytes), what: inWords(error, told) };
}

/** Where a row begins that has its end; else where the cell does that could not be read. */
function lineOf({ bytes: end, record }: z.output<typeof toldSchema>, bytes: Buffer): number {
  if (record) return lineCounter(bytes)(end, record);
  let begin = end;
  while (bytes[begin] === 0x0a || bytes[begin] === 0x0d) begin += 1;
  return 1 + breaksIn(bytes.toString("latin1", 0, begin));
}

function inWords(error: CsvError, told: z.output<typeof toldSchema>): string {
  if (error.code === "CSV_RECORD_INCONSISTENT_COLUMNS" && told.columns && told.record)
    return `${counted(told.record.length)} where the first line has ${told.columns.length}; put cells that hold a separator, a quote or a new line in quotes`;
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return "a quote that was opened here is not closed; close it, or write a quote within a cell twice";
  return `not a CSV file: ${error.message}`;
}

const counted = (cells: number): string => `${cells} ${cells === 1 ? "cell" : "cells"}`;
