/** @import { Fate, Status } from "../api.js" */

/** @param {number | null | undefined} value in [0, 1] */
export function percent(value) {
  return value === null || value === undefined ? "–" : `${Number((100 * value).toFixed(1))} %`;
}

/** @param {number | null | undefined} value @param {number} digits */
export function fixed(value, digits) {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

const COUNT = new Intl.NumberFormat("en");

/** @param {number} value */
export function count(value) {
  return COUNT.format(value);
}

/** @param {number} amount @param {string} thing @param {string} [things] */
export function counted(amount, thing, things = `${thing}s`) {
  return `${count(amount)} ${amount === 1 ? thing : things}`;
}

/** @param {number} since in ms since 1970 */
export function ago(since) {
  if (since === 0) return "–";
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  if (seconds < 10) return "just now";
  return `${duration(seconds)} ago`;
}

/** @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null) return "–";
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** @type {Record<Status, string>} */
export const STATUS = {
  running: "running",
  done: "done",
  failed: "failed",
  interrupted: "interrupted",
  stopped: "stopped",
  waiting: "waiting",
};

/** @type {Record<Fate, string>} */
export const FATE = {
  top: "good example",
  bottom: "bad example",
  compared: "compared replies",
  unused: "not chosen",
  unusable: "unusable",
  pending: "not selected yet",
};

/** What people call a verdict. @param {string} verdict */
export function verdictName(verdict) {
  return verdict.replaceAll("_", " ");
}

/** @type {Record<string, string>} */
const TONES = {
  honest: "good",
  correct: "good",
  declined: "good",
  lie: "bad",
  deceptive: "bad",
  error: "warn",
  out_of_format: "warn",
};

/** How a verdict looks: good, bad, warn or plain. @param {string} verdict */
export function verdictTone(verdict) {
  return TONES[verdict] ?? "plain";
}
