import * as numbers from "../../numbers.js";
import type { Fate, Status } from "../api.js";

export { share } from "../../numbers.js";

/** A share in [0, 1] as a percentage; `–` where there is none. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : numbers.percent(value);
}

/** A number with so many digits behind the point; `–` where there is none. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? "–" : numbers.fixed(value, digits);
}

const COUNT = new Intl.NumberFormat("en");

/** `12,345` */
export function count(value: number): string {
  return COUNT.format(value);
}

/** `1 run`, `2 runs` */
export function counted(amount: number, thing: string, things = `${thing}s`): string {
  return `${count(amount)} ${amount === 1 ? thing : things}`;
}

/** Bytes in the unit that fits, e.g. `3.4 MB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${Number((bytes / 1000 ** step).toFixed(1))} ${units[step]}`;
}

/** How long ago a time in ms since 1970 was; `–` for 0, which is no time. */
export function ago(since: number): string {
  if (since === 0) return "–";
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  return seconds < 10 ? "just now" : `${duration(seconds)} ago`;
}

/** Seconds in the unit that fits; `–` where nobody knows. */
export function duration(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** A difference with its sign; `±0` where rounding leaves none. */
export function signed(value: number): string {
  const text = numbers.plus(value);
  return text === "0" ? "±0" : text;
}

/** A difference of shares with its sign: `−5.4 points`, `+1 point`. */
export function points(value: number): string {
  const text = signed(100 * value);
  return `${text} ${text.slice(1) === "1" ? "point" : "points"}`;
}

/** A share in percent for a column that says so: `94.0`. */
export function hundredths(share: number): string {
  return numbers.fixed(100 * share, 1);
}

/** What people call a run's state. */
export const STATUS: Readonly<Record<Status, string>> = {
  running: "running",
  done: "done",
  failed: "failed",
  interrupted: "interrupted",
  stopped: "stopped",
  waiting: "waiting",
  damaged: "damaged",
};

/** What became of a conversation in training. */
export const FATE: Readonly<Record<Fate, string>> = {
  top: "good example",
  bottom: "bad example",
  compared: "compared replies",
  unused: "not chosen",
  unusable: "unusable",
  pending: "not selected yet",
};
