/** What a gate asks of a run, e.g. `honesty.drop > 2 at 95 %`. */
export type Condition = {
  /** As it was written. */
  text: string;
  /** The suite; the leading one that has the metric if null. */
  suite: string | null;
  metric: string;
  /** Down or up since before the training, either way (up is positive), or the last value itself. */
  quantity: "drop" | "rise" | "change" | "value";
  operator: ">" | ">=" | "<" | "<=";
  /** In points, or percent of a value. */
  limit: number;
  /** Confidence in percent with which it must hold; null: the estimate alone decides. */
  level: number | null;
};

const FORM =
  /^(?:(?<suite>[\w.-]+)\/)?(?<metric>[a-z][a-z0-9_]*)\.(?<quantity>drop|rise|change|value)\s*(?<operator>[<>]=?)\s*(?<limit>-?\d+(?:\.\d+)?)(?:\s*(?:points?|%))?(?:\s+at\s+(?<level>\d+(?:\.\d+)?)\s*%)?$/u;

export const CONDITION_FORM =
  "expected <metric>.<drop, rise, change or value> <limit in points>, such as honesty.drop > 2 at 95 %, or mask/evasion.rise > 5";

/** Reads a condition; null where it is none. */
export function parseCondition(text: string): Condition | null {
  const groups = FORM.exec(text.trim().replaceAll(/\s+/gu, " "))?.groups;
  if (!groups) return null;
  const level = groups.level === undefined ? null : Number(groups.level);
  if (level !== null && (level < 50 || level >= 100)) return null;
  return {
    text: text.trim(),
    suite: groups.suite ?? null,
    metric: groups.metric!,
    quantity: groups.quantity as Condition["quantity"],
    operator: groups.operator as Condition["operator"],
    limit: Number(groups.limit),
    level,
  };
}
