import { finishOf, isCut } from "../../models/index.js";
import { type Mapping, opened, valueAt } from "./columns.js";
import type { LogRecord } from "./types.js";
import { isNone } from "./values.js";
import { worded } from "./worded.js";

/**
 * In which word a row says that its reply was cut off before the model had ended it (`length`, `content_filter`); null where it ended
 * by itself or nobody says. A column tells it, or else the reply's own choice, message or answer.
 */
export function cutBy({ value }: LogRecord, mapping: Mapping): string | null {
  const told = (path: string | undefined): unknown =>
    path === undefined ? undefined : opened(valueAt(value, path));
  const column = told(mapping.finish);
  const finish =
    column === undefined || isNone(column)
      ? ofReply(told(mapping.reply) ?? lastOf(told(mapping.messages)))
      : finishOf({ finish_reason: worded(column) });
  return isCut(finish) ? finish : null;
}

/** Of choices the first counts, as for what was said. */
function ofReply(said: unknown): string | null {
  const one = Array.isArray(said) ? said[0] : said;
  if (typeof one !== "object" || one === null) return null;
  const fields = one as Record<string, unknown>;
  const { choices } = fields;
  return finishOf(fields) ?? (choices === undefined ? null : ofReply(choices));
}

const lastOf = (said: unknown): unknown =>
  Array.isArray(said) ? said.findLast((one) => typeof one === "object" && one !== null) : undefined;
