import { UserError } from "../../errors.js";
import { listed } from "../../listed.js";
import { type MethodName, methods, methodsFor } from "../../methods/index.js";
import type { DataRow } from "./types.js";

/** Throws a UserError, with file and line, on a row that a method cannot learn from. */
export function checkMethod(row: DataRow, method: MethodName): void {
  const { interaction: where } = row.source;
  const isPair = "chosen" in row;
  const { rows } = methods[method];
  const other = (kind: typeof rows) => listed(methodsFor(kind), "or");
  if (rows === "pair" && !isPair)
    throw new UserError(
      `${where}: ${method} needs chosen and rejected in every row; use ${other("reply")} for replies alone`,
    );
  if (rows !== "pair" && isPair)
    throw new UserError(`${where}: ${method} cannot learn from chosen and rejected; use ${other("pair")}`);
  if (rows === "labelled" && !("label" in row))
    throw new UserError(`${where}: ${method} needs a label (true or false) in every row`);
  if (rows === "reply" && "label" in row && row.label === false)
    throw new UserError(
      `${where}: ${method} would imitate a row whose label is false; use ${other("labelled")}`,
    );
}
