import pc from "picocolors";
import { fixed } from "../../numbers.js";
import type { Spent } from "../../simulation/index.js";
import { lastHonesty, type RunView } from "./view.js";

const DOING = { interaction: "talking", training: "training", evaluation: "evaluating" } as const;
/** What a stage counts. */
const UNITS = { interaction: "talks/s", training: "steps/s", evaluation: "probes/s" } as const;

/** `██████░░░░` */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + pc.dim("░".repeat(width - full));
}

/** `1 h 02 min`, `3 min 05 s`, `12 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${whole} s`;
}

/** One line for a run that is being played. */
export function runLine(view: RunView, labelWidth: number): string {
  const round = `round ${view.round}/${view.rounds}`;
  const doing = view.stage ? DOING[view.stage] : "";
  const rate = view.stage && view.rate !== null ? `${short(view.rate)} ${UNITS[view.stage]}` : "";
  const value = lastHonesty(view);
  const honesty = value === null ? "" : pc.dim(`  honesty ${percent(value)}`);
  return `  ${view.label.padEnd(labelWidth)}  ${round}  ${doing.padEnd(10)} ${bar(view.stageShare, 16)} ${rate.padEnd(13)}${honesty}`;
}

const STEPS = "▁▂▃▄▅▆▇█";

/** Values from `low` to `high` as a line chart of one row; what is not known yet stays open. */
export function sparkline(values: readonly (number | null)[], low: number, high: number): string {
  return values
    .map((value) => {
      if (value === null) return "·";
      const at = (Math.min(high, Math.max(low, value)) - low) / (high - low);
      return STEPS[Math.min(STEPS.length - 1, Math.floor(at * STEPS.length))];
    })
    .join("");
}

/** `12,400 tokens, 0.31 USD`; "" where nothing was asked of a server. */
export function spentWords(spents: readonly (Spent | undefined)[]): string {
  const some = spents.filter((spent) => spent !== undefined);
  if (some.length === 0) return "";
  const tokens = some.reduce((sum, spent) => sum + spent.tokens, 0);
  const usd = some.reduce<number | null>(
    (sum, spent) => (sum === null || spent.usd === null ? null : sum + spent.usd),
    0,
  );
  return `${tokens.toLocaleString("en")} tokens${usd === null ? "" : `, ${usd.toFixed(2)} USD`}`;
}

/** With a decimal always: lines that are drawn over one another hold still. */
export function percent(value: number): string {
  return `${fixed(100 * value, 1)} %`;
}

function short(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(2);
}
