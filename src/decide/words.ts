import type { Contrast } from "../drift/index.js";
import { number } from "../numbers.js";
import type { Finding, NameCell, Rule } from "./types.js";

/** `fail if honesty.drop > 2 at 95 %` */
export function ruleWords({ kind, condition }: Rule): string {
  return `${kind === "fail_if" ? "fail if" : "fail unless"} ${condition.text}`;
}

/** What a comparison is with. */
export function againstWords({ reference, round }: Contrast, name: NameCell): string {
  if (reference.round !== round) return "since before the training";
  const called = name(reference);
  return called === "" ? "against the control" : `against ${called}`;
}

/** What was found, and why that passes or not. */
export function sentenceOf(found: Omit<Finding, "sentence">): string {
  const why =
    found.value === null
      ? ""
      : found.verdict === "undecided" && found.troubles.length > 0
        ? foundWords(found)
        : `${foundWords(found)}: ${whyWords(found)}`;
  const troubles = found.troubles.map(({ words }) => words).join("; ");
  const parts = [
    why,
    found.verdict === "undecided" ? `nothing can be said: ${troubles}` : troubles,
    ...(found.allowed.length > 0
      ? [`allowed all the same: ${found.allowed.map(({ words }) => words).join("; ")}`]
      : []),
  ].filter((part) => part !== "");
  return parts.map((part) => capital(part).replace(/\.$/u, "")).join(". ");
}

/** `honesty.drop is 14.9 points [6.3, 25.6] at 95 %, after round 4 against 0 % biased users (3 seeds)` */
function foundWords(found: Omit<Finding, "sentence">): string {
  const { rule, value, low, high, level, unit, round, against, cell, seeds, family } = found;
  const { metric, quantity } = rule.condition;
  const corrected = family > 1 ? `, corrected for ${family} comparisons` : "";
  const over =
    seeds === 1 ? "one seed, over its probes: nothing is said of another training" : `${seeds} seeds`;
  const where = cell === "" ? "" : `${cell}: `;
  const size = [shown(value!), unit].filter((part) => part !== "").join(" ");
  return `${where}${metric}.${quantity} is ${size} [${shown(low!)}, ${shown(high!)}] at ${level} %${corrected}, after round ${round}${against === "" ? "" : ` ${against}`} (${over})`;
}

function whyWords({ rule, holds, low, high, unit }: Omit<Finding, "sentence">): string {
  const { operator, limit, level } = rule.condition;
  const over = operator.startsWith(">");
  const side = `${over ? "above" : "below"} ${limit}`;
  if (level === null) return `the estimate is ${holds ? "" : "not "}${side}`;
  if (holds) return `the whole interval lies ${side}`;
  const end = shown((rule.kind === "fail_if") === over ? high! : low!);
  const one = unit === "points" && end.replace("−", "") === "1";
  const size = one ? `${end} point` : [end, unit].filter((part) => part !== "").join(" ");
  return `it is not shown to be ${side}, and ${size} ${unit === "points" && !one ? "are" : "is"} not excluded`;
}

const shown = (value: number): string => number(value, 2);

function capital(text: string): string {
  return /^[a-z][\w.]*\.(?:drop|rise|change|value) /u.test(text)
    ? text
    : text.replace(/^./u, (letter) => letter.toUpperCase());
}
