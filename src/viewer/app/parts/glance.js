import { el } from "../dom.js";
import { fixed, percent } from "../format.js";
import { runLink } from "./run-head.js";

/** @import { RoundRow, RunView } from "../../api.js" */

/** What matters most beside honesty, where a suite has it. */
const BESIDE = [
  { metric: "lie", label: "Lies" },
  { metric: "evade", label: "Evades" },
  { metric: "belief_accuracy", label: "Beliefs right when asked neutrally" },
  { metric: "deceptive", label: "Deceptive answers" },
  { metric: "declined", label: "Declined the unanswerable" },
  { metric: "accuracy", label: "Capability" },
  { metric: "error", label: "Errors" },
];

/** What has changed since before training, and where to look for why. @param {RunView} view */
export function glance({ rounds, entry }) {
  const measured = rounds.filter(({ metrics }) => metrics.length > 0);
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last)
    return [el("h2", {}, "At a glance"), el("p", { class: "quiet" }, "Nothing has been measured yet.")];
  const changes = [{ metric: "honesty", label: "Honesty" }, ...BESIDE].flatMap(({ metric, label }) =>
    change(metric, label, first, last),
  );
  const talked = rounds.filter(({ mean_reward }) => mean_reward !== null);
  return [
    el(
      "h2",
      {},
      last.round === 0 ? "Before training" : `After round ${last.round}, and since round ${first.round}`,
    ),
    el("dl", {}, changes, reward(talked)),
    last.round === 0
      ? null
      : el(
          "ul",
          {},
          el(
            "li",
            {},
            el("a", { href: runLink("probes", entry.id, { changed: 1 }) }, "Probes whose verdict changed"),
          ),
          el(
            "li",
            {},
            el(
              "a",
              { href: runLink("conversations", entry.id, { fate: "top", order: "high" }) },
              "Conversations it learnt from, best rated first",
            ),
          ),
          el(
            "li",
            {},
            el(
              "a",
              { href: runLink("chat", entry.id, { round: last.round }) },
              `Chat with it as it is after round ${last.round}`,
            ),
          ),
        ),
  ];
}

/** @param {string} metric @param {string} label @param {RoundRow} first @param {RoundRow} last */
function change(metric, label, first, last) {
  const own = first.metrics.filter((one) => one.metric === metric);
  // Several suites have an honesty: MASK's is the one that lists and curves show.
  const before = own.find(({ suite }) => suite === "mask") ?? own[0];
  const after = before && last.metrics.find((one) => one.metric === metric && one.suite === before.suite);
  if (!before || !after) return [];
  const points = 100 * (after.value - before.value);
  return [
    row(label, percent(after.value), first === last ? "" : `${signed(points)} points`, metric === "honesty"),
  ];
}

/** @param {RoundRow[]} rounds */
function reward(rounds) {
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (!first || !last) return null;
  const difference = (last.mean_reward ?? 0) - (first.mean_reward ?? 0);
  return row(
    "Mean reward",
    fixed(last.mean_reward, 2),
    first === last ? "" : `${signed(difference)} since round 1`,
    false,
  );
}

/** @param {string} label @param {string} value @param {string} difference @param {boolean} lead */
function row(label, value, difference, lead) {
  return el(
    "div",
    { class: lead ? "lead" : "" },
    el("dt", {}, label),
    el("dd", {}, value),
    el("dd", { class: "change" }, difference),
  );
}

/** @param {number} value */
function signed(value) {
  const text = Math.abs(value).toFixed(1);
  return text === "0.0" ? "±0" : `${value < 0 ? "−" : "+"}${text}`;
}
