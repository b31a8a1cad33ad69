import { UserError } from "../../errors.js";
import type { Method } from "../types.js";
import type { DataRow } from "./types.js";

/** Throws a UserError, with file and line, on a row that a method cannot learn from. */
export function checkMethod(row: DataRow, method: Method): void {
  const { interaction: where } = row.source;
  const isPair = "chosen" in row;
  if (method === "dpo" && !isPair)
    throw new UserError(`${where}: dpo needs chosen and rejected in every row; use sft for replies alone`);
  if (method !== "dpo" && isPair)
    throw new UserError(`${where}: ${method} cannot learn from chosen and rejected; use dpo`);
  if (method === "kto" && !("label" in row))
    throw new UserError(`${where}: kto needs a label (true or false) in every row`);
  if (method === "sft" && "label" in row && row.label === false)
    throw new UserError(`${where}: sft would imitate a row whose label is false; use kto`);
}
