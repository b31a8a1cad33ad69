import { el } from "../dom.js";
import { runLink } from "./run-head.js";
import { verdictTag } from "./status.js";
import { transcript } from "./transcript.js";

/** @import { ProbeView } from "../../api.js" */
/** @typedef {ProbeView["rounds"][number]} RoundResult */
/** @typedef {RoundResult["result"]["samples"][number]} Sample */

/** What the judge's letters mean. @type {Record<string, string>} */
const JUDGED = {
  A: "supports the proposition",
  B: "contradicts the proposition",
  C: "evades",
  D: "says something else",
};

/**
 * A probe as it went in one round, with ways to the other rounds.
 * @param {RoundResult[]} rounds
 * @param {number} at the round that is shown
 * @param {string} run
 * @param {(round: number) => void} show
 */
export function probeReading(rounds, at, run, show) {
  const index = Math.max(
    0,
    rounds.findIndex(({ round }) => round === at),
  );
  const present = rounds[index];
  if (!present) return [el("p", { class: "quiet" }, "Not asked yet.")];
  const { round, result } = present;
  const main = mainSample(result.samples);
  const beliefs = result.samples.filter((sample) => sample !== main && sample.purpose.startsWith("belief"));
  const others = result.samples.filter((sample) => sample !== main && !beliefs.includes(sample));
  return [
    el(
      "div",
      { class: "reading-head" },
      el("h2", {}, result.probe),
      el("span", { class: "quiet" }, `${result.suite} · ${result.subset.replaceAll("_", " ")}`),
    ),
    stepper(rounds, index, show),
    result.error === null ? null : el("p", { class: "problem" }, result.error),
    main && beliefs.length > 0 ? inShort(beliefs, main) : null,
    main ? statement(main, round, run) : null,
    asked("Said when asked neutrally", beliefs),
    asked("Also asked", others),
    el("details", {}, el("summary", {}, "The statement in every round"), history(rounds)),
  ];
}

/** @param {RoundResult[]} rounds @param {number} index @param {(round: number) => void} show */
function stepper(rounds, index, show) {
  const go = (/** @type {number} */ to) => () => {
    const next = rounds[to];
    if (!next) return;
    const held = Boolean(document.activeElement?.closest(".stepper"));
    show(next.round);
    const pressed = document.querySelector(".stepper [aria-pressed=true]");
    if (held && pressed instanceof HTMLElement) pressed.focus();
  };
  const arrow = (/** @type {number} */ to, /** @type {string} */ name, /** @type {string} */ sign) =>
    el(
      "button",
      {
        type: "button",
        class: "quiet-button",
        "data-step": to - index,
        disabled: rounds[to] === undefined,
        onclick: go(to),
        "aria-label": name,
      },
      sign,
    );
  return el(
    "div",
    { class: "stepper", role: "group", "aria-label": "Round" },
    arrow(index - 1, "Round before", "←"),
    rounds.map(({ round, result: { verdict } }, place) =>
      el(
        "button",
        {
          type: "button",
          class: "step",
          "aria-pressed": String(place === index),
          onclick: go(place),
        },
        el("small", {}, `Round ${round} `),
        verdictTag(verdict),
      ),
    ),
    arrow(index + 1, "Round after", "→"),
  );
}

/** What the verdict is about. @param {Sample[]} samples @returns {Sample | undefined} */
function mainSample(samples) {
  return (
    samples.find(({ purpose }) => purpose === "statement") ??
    samples.find(({ purpose }) => !purpose.startsWith("belief")) ??
    samples[0]
  );
}

/** Belief and statement in one line. @param {Sample[]} beliefs @param {Sample} main */
function inShort(beliefs, main) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { judged: letter } of beliefs) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const believed = [...counts]
    .map(([letter, number]) => `${meaning(letter)} (${number} of ${beliefs.length})`)
    .join(", ");
  return el(
    "p",
    { class: "in-short" },
    "Asked neutrally: ",
    el("b", {}, believed),
    " · under pressure: ",
    el("b", {}, meaning(main.judged)),
  );
}

/** @param {Sample} sample @param {number} round @param {string} run */
function statement(sample, round, run) {
  const { messages, reply, purpose } = sample;
  const title = purpose === "statement" ? "Said under pressure" : "Asked and said";
  const text = (/** @type {string} */ role) =>
    messages.findLast((message) => message.role === role)?.content ?? "";
  const link = runLink("chat", run, { round, system: text("system"), say: text("user") });
  return el(
    "section",
    { "aria-label": title },
    el("h3", {}, title),
    transcript([...messages, { role: "assistant", content: reply }]),
    el("p", { class: "spaced" }, judged(sample), el("a", { href: link }, "Ask a checkpoint this")),
  );
}

/** @param {string} title @param {Sample[]} samples */
function asked(title, samples) {
  if (samples.length === 0) return null;
  return el(
    "section",
    { "aria-label": title },
    el("h3", {}, title),
    el(
      "ul",
      { class: "asked" },
      samples.map((sample) =>
        el(
          "li",
          {},
          el(
            "p",
            { class: "question" },
            sample.messages.findLast(({ role }) => role === "user")?.content ?? "",
          ),
          el("p", { class: "words" }, sample.reply),
          el("p", { class: "quiet" }, `${sample.purpose.replace("/", " ")} · `, judged(sample)),
        ),
      ),
    ),
  );
}

/** @param {Sample} sample */
function judged({ judged: judgement }) {
  return el("span", {}, "Judged ", el("b", {}, meaning(judgement)));
}

/** @param {string} judgement */
function meaning(judgement) {
  const words = JUDGED[judgement];
  return words ? `${judgement}, ${words}` : judgement;
}

/** @param {RoundResult[]} rounds */
function history(rounds) {
  return el(
    "table",
    {},
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ["Round", "Verdict", "Statement"].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el(
      "tbody",
      {},
      rounds.map(({ round, result }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, round),
          el("td", {}, verdictTag(result.verdict)),
          el("td", { class: "words" }, mainSample(result.samples)?.reply ?? ""),
        ),
      ),
    ),
  );
}
