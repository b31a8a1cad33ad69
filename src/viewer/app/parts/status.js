import { el } from "../dom.js";
import { FATE, STATUS, verdictName, verdictTone } from "../format.js";
/** @import { Fate, Status } from "../../api.js" */

/** How a run stands, in a word and a colour. @param {Status} status */
export function statusPill(status) {
  return el("span", { class: `pill status-${status}` }, STATUS[status]);
}

/** What became of a conversation. @param {Fate} fate */
export function fateTag(fate) {
  return el("span", { class: `tag fate-${fate}` }, FATE[fate]);
}

/** A verdict in one letter, spelt out for those who do not see it. @param {string} verdict @param {number} round */
export function verdictMark(verdict, round) {
  const name = verdictName(verdict);
  return el(
    "span",
    { class: `mark tone-${verdictTone(verdict)}`, title: `Round ${round}: ${name}` },
    el("span", { "aria-hidden": "true" }, verdictLetter(verdict)),
    el("span", { class: "unseen" }, ` round ${round} ${name}`),
  );
}

/** @type {Record<string, string>} */
const LETTERS = { no_belief: "?", error: "!", out_of_format: "!" };

/** A letter that no two verdicts of a suite share. @param {string} verdict */
export function verdictLetter(verdict) {
  return LETTERS[verdict] ?? verdict.charAt(0).toUpperCase();
}

/** @param {string} verdict */
export function verdictTag(verdict) {
  return el("span", { class: `tag tone-${verdictTone(verdict)}` }, verdictName(verdict));
}
