import { params } from "../api.js";
import { el } from "../dom.js";
import { percent } from "../format.js";
import { statusPill } from "./status.js";

/** @import { RunEntry } from "../../api.js" */

const TABS = [
  { view: "run", label: "Overview" },
  { view: "conversations", label: "Conversations" },
  { view: "probes", label: "Probes" },
  { view: "chat", label: "Chat" },
];

/** The head of every page about one run: where it belongs, what it is, and ways to its other pages. @param {RunEntry} run @param {string} view */
export function runHead(run, view) {
  return el(
    "div",
    { class: "run-head" },
    el(
      "nav",
      { class: "crumbs", "aria-label": "Where this is" },
      el("a", { href: "#/" }, "Runs"),
      run.sweep ? el("a", { href: `#/sweep?${params({ id: run.sweep })}` }, run.sweep) : null,
    ),
    el(
      "div",
      { class: "title-line" },
      el("h1", { tabindex: -1 }, run.name),
      statusPill(run.status),
      el("p", { class: "quiet facts" }, runFacts(run)),
    ),
    el(
      "nav",
      { class: "tabs", "aria-label": "This run" },
      TABS.map((tab) =>
        el(
          "a",
          { href: runLink(tab.view, run.id), "aria-current": tab.view === view ? "page" : null },
          tab.label,
        ),
      ),
    ),
  );
}

/** @param {RunEntry} run */
export function runFacts(run) {
  const share = run.biased === null ? "" : `${percent(run.biased)} biased users`;
  return [share, run.method.toUpperCase(), `seed ${run.seed}`, run.assistant]
    .filter((part) => part !== "")
    .join(" · ");
}

/** @param {string} view @param {string} run @param {import("../api.js").Query} [more] */
export function runLink(view, run, more = {}) {
  return `#/${view}?${params({ run, ...more })}`;
}
