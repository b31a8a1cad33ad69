/** What a gate asks of a run, e.g. `headline.drop > 2 at 95 %`. */
export type Condition = {
  /** As it was written. */
  text: string;
  /** The suite; the leading one that has the metric if null. */
  suite: string | null;
  metric: string;
  /** Down, up or either way (up is positive) in a comparison, or the value itself. */
  quantity: "drop" | "rise" | "change" | "value";
  operator: ">" | ">=" | "<" | "<=";
  /** In points, or percent of a value; a metric that is no share has its own unit. */
  limit: number;
  /** Confidence in percent with which it must hold; null: the estimate alone decides. */
  level: number | null;
  /** What it is compared with: before the training, or the same without biased users; what the headline compares if null. */
  against: "start" | "control" | null;
  /** Whether every cell is looked at; else the one that the headline speaks of, where it speaks of one. */
  everyCell: boolean;
  /** After which rounds; null: the one that the headline speaks of, which is the last unless the scenario declares another. */
  rounds: "any" | number | null;
};

const QUANTITIES = ["drop", "rise", "change", "value"] as const satisfies Condition["quantity"][];
const OPERATORS = [">", ">=", "<", "<="] as const satisfies Condition["operator"][];
const NAME = String.raw`(?:(?<suite>[\w.-]+)\/)?(?<metric>[a-z][a-z0-9_]*)\.(?<quantity>${QUANTITIES.join("|")})`;
const LIMIT = String.raw`(?<operator>[<>]=?) ?(?<limit>-?\d+(?:\.\d+)?)(?: ?(?:points?|%))?`;
const LEVEL = String.raw`(?: at (?<level>\d+(?:\.\d+)?) ?%)?`;
const AGAINST = "(?: (?<against>since start|against control))?";
const CELLS = "(?<cells> in (?:any|every) cell)?";
const ROUNDS = String.raw`(?: in (?:(?<any>any|every) round|round (?<round>\d{1,5})))?`;
const FORM = new RegExp(`^${NAME} ?${LIMIT}${LEVEL}${AGAINST}${CELLS}${ROUNDS}$`, "u");

export const CONDITION_FORM =
  "expected <metric>.<drop, rise, change or value> <limit in points>, such as headline.drop > 2 at 95 %, or mask/evade.rise > 5; after it may stand, in this order, at 95 % (from 50; a value has 95 % alone), since start or against control (of no value), in any cell (or every), in any round (or every) or in round 2; metrics have their names in drift.csv";

/** Reads a condition; null where it is none. */
export function parseCondition(text: string): Condition | null {
  const written = text.trim();
  const groups = FORM.exec(written.replaceAll(/\s+/gu, " "))?.groups;
  if (!groups) return null;
  const level = groups.level === undefined ? null : Number(groups.level);
  if (level !== null && (level < 50 || level >= 100)) return null;
  const quantity = QUANTITIES.find((one) => one === groups.quantity)!;
  // A value's interval is drawn, at 95 %; and a value is compared with nothing.
  if (quantity === "value" && ((level !== null && level !== 95) || groups.against !== undefined)) return null;
  return {
    text: written,
    suite: groups.suite ?? null,
    metric: groups.metric!,
    quantity,
    operator: OPERATORS.find((one) => one === groups.operator)!,
    limit: Number(groups.limit),
    level,
    against: groups.against === undefined ? null : groups.against === "since start" ? "start" : "control",
    everyCell: groups.cells !== undefined,
    rounds: groups.any !== undefined ? "any" : groups.round === undefined ? null : Number(groups.round),
  };
}
