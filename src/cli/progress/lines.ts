import pc from "picocolors";
import type { RunView } from "./view.js";

const DOING = { interaction: "talking", training: "training", evaluation: "evaluating" } as const;

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
  const honesty = view.honesty === null ? "" : pc.dim(`  honesty ${percent(view.honesty)}`);
  return `  ${view.label.padEnd(labelWidth)}  ${round}  ${doing.padEnd(10)} ${bar(view.stageShare, 16)}${honesty}`;
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
