import type { Plan } from "../../sweep/index.js";
import { duration } from "../progress/lines.js";
import { say } from "../say.js";

/** Prints what a sweep would take. */
export function showPlan(plan: Plan, { json }: { json?: boolean }): void {
  say(json ? `${JSON.stringify(plan, null, 2)}\n` : `${planLines(plan).join("\n")}\n`);
}

/** The plan in words. */
function planLines(plan: Plan): string[] {
  const { cells, done, workers, seconds, input_tokens, output_tokens, usd, probe } = plan;
  const count = (value: number): string => value.toLocaleString("en");
  const tokens = input_tokens + output_tokens;
  return [
    `runs    ${count(cells)}${done > 0 ? `, of which ${count(done)} are done` : ""}`,
    `time    about ${duration(seconds)} with ${workers} at the same time`,
    tokens === 0
      ? "tokens  none that cost: all models are embedded"
      : `tokens  about ${count(input_tokens)} read and ${count(output_tokens)} written by models on servers`,
    ...(tokens === 0
      ? []
      : [
          usd === null
            ? "cost    unknown: name a file of prices in budget.prices"
            : `cost    about ${usd.toFixed(2)} USD`,
        ]),
    `probe   two small runs took ${duration(probe.seconds)}${probe.tokens > 0 ? ` and ${count(probe.tokens)} tokens` : ""}`,
  ];
}
