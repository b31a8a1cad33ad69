import { follow, get, params } from "../api.js";
import { disclosure, el, fill } from "../dom.js";
import { count, duration, fixed, percent } from "../format.js";
import { comparison } from "../parts/comparison.js";
import { glance } from "../parts/glance.js";
import { runHead, runLink } from "../parts/run-head.js";
/** @import { Progress, RoundRow, RunView } from "../../api.js" */

/** One run, as it goes. @param {import("../main.js").Context} context */
export async function run({ main, params: query, signal, remember, title }) {
  const id = query.get("run") ?? "";
  const figure = comparison({
    ids: () => [id],
    state: { metric: query.get("metric") ?? "", suite: query.get("suite") ?? "" },
    remember: ({ metric, suite }) => remember({ run: id, metric, suite }),
    signal,
  });
  await get("/api/run", { run: id }, signal);
  const head = el("div");
  const now = nowCard();
  const rounds = el("section", { "aria-label": "Rounds" });
  const rest = el("div");
  let measured = -1;
  const beside = el("section", { class: "card glance", "aria-label": "At a glance" });
  fill(main, head, now.element, el("div", { class: "overview" }, figure.element, beside), rounds, rest);

  /** @type {string} */
  let headKey = "";
  follow(
    { run: id },
    (/** @type {RunView} */ view) => {
      const { entry } = view;
      title(entry.name);
      // Drawn anew only where it says something else, so that focus stays where it is.
      const key = JSON.stringify([entry.status, entry.biased, view.report]);
      if (key !== headKey) {
        fill(head, runHead(entry, "run"), description(view));
        fill(rest, details(view));
        headKey = key;
      }
      now.show(view);
      if (view.rounds.length === measured) return;
      measured = view.rounds.length;
      fill(beside, glance(view));
      drawRounds(rounds, view);
      void figure.refresh();
    },
    signal,
  );
}

/** @param {RunView} view */
function description({ description, entry, report }) {
  if (description === "" && !report) return null;
  return el(
    "p",
    { class: "description" },
    description,
    report
      ? [
          " ",
          el("a", { href: `/api/report?${params({ run: entry.id })}`, target: "_blank" }, "Open the report"),
        ]
      : null,
  );
}

/** @type {Record<Progress["stage"], string>} */
const STAGES = {
  population: "Draw users",
  interaction: "Talk and rate",
  preference: "Select",
  training: "Train",
  evaluation: "Measure",
};

/** What is going on in a run, or what went wrong in it. */
function nowCard() {
  const progress = el("div");
  const warnings = disclosure("warnings");
  const element = el(
    "section",
    { class: "card now", "aria-label": "What is going on" },
    progress,
    warnings.element,
  );
  return {
    element,
    /** @param {RunView} view */
    show: (view) => {
      const running = view.progress && view.entry.status !== "done";
      element.hidden = !running && view.warnings.length === 0;
      fill(
        progress,
        running && view.progress ? progressLine(view.entry.status, view.progress, view.entry.rounds) : [],
      );
      const lines = view.warnings.map((text) => el("li", {}, text));
      warnings.show(`Latest warnings (${lines.length})`, lines.length > 0 && el("ul", {}, lines));
    },
  };
}

/** @param {string} status @param {Progress} progress @param {number} rounds */
function progressLine(status, { round, stage, done, total, loss, seconds_left }, rounds) {
  const all = /** @type {Progress["stage"][]} */ (Object.keys(STAGES));
  const stages = round === 0 ? all.slice(-1) : all;
  const at = stages.indexOf(stage);
  const amount = total === null ? (done > 0 ? count(done) : "") : `${count(done)} of ${count(total)}`;
  return [
    el(
      "p",
      { class: "round-line" },
      el("strong", {}, round === 0 ? "Before training" : `Round ${round} of ${rounds}`),
      status === "running" && seconds_left !== null
        ? el("span", { class: "quiet" }, ` about ${duration(seconds_left)} left`)
        : null,
    ),
    el(
      "ol",
      { class: "stages" },
      stages.map((name, index) =>
        el(
          "li",
          {
            class: index < at ? "past" : index === at ? "present" : "",
            "aria-current": index === at ? "step" : null,
          },
          STAGES[name],
          index === at && amount !== "" ? el("small", {}, ` ${amount}`) : null,
          index === at && loss !== null ? el("small", {}, `, loss ${fixed(loss, 3)}`) : null,
        ),
      ),
    ),
    total === null
      ? null
      : el("progress", { max: Math.max(1, total), value: done, "aria-label": `${STAGES[stage]}: ${amount}` }),
  ];
}

/** @param {HTMLElement} place @param {RunView} view */
function drawRounds(place, { rounds, entry }) {
  if (rounds.length === 0) {
    fill(place);
    return;
  }
  const suites = [...new Set(rounds.flatMap(({ metrics }) => metrics.map(({ suite }) => suite)))];
  const value = (/** @type {RoundRow} */ row, /** @type {string} */ suite, /** @type {string} */ metric) =>
    row.metrics.find((one) => one.suite === suite && one.metric === metric)?.value;
  const columns = suites.flatMap((suite) =>
    [
      ["honesty", "Honesty"],
      ["lie", "Lies"],
      ["evade", "Evades"],
      ["belief_accuracy", "Beliefs right"],
    ]
      .filter(([metric]) => rounds.some((row) => value(row, suite, metric ?? "") !== undefined))
      .map(([metric = "", label = ""]) => ({
        suite,
        metric,
        label: suites.length > 1 ? `${label} (${suite})` : label,
      })),
  );
  fill(
    place,
    el("h2", {}, "Rounds"),
    el(
      "div",
      { class: "scroll card", tabindex: 0, role: "region", "aria-label": "Rounds in numbers" },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Round"),
            columns.map(({ label }) => el("th", { scope: "col", class: "number" }, label)),
            ["Users", "Mean reward", "Unusable", "Rows", "Loss", "Time"].map((name) =>
              el("th", { scope: "col", class: "number" }, name),
            ),
            el("th", { scope: "col" }, "Read"),
          ),
        ),
        el(
          "tbody",
          {},
          rounds.map((row) =>
            el(
              "tr",
              {},
              el("th", { scope: "row" }, row.round === 0 ? "0, untrained" : row.round),
              columns.map(({ suite, metric }) =>
                el("td", { class: "number" }, percent(value(row, suite, metric))),
              ),
              el("td", { class: "number" }, row.round === 0 ? "" : usersOf(row)),
              el("td", { class: "number" }, row.mean_reward === null ? "" : fixed(row.mean_reward, 2)),
              el("td", { class: "number" }, row.round === 0 ? "" : count(row.unusable)),
              el("td", { class: "number" }, row.round === 0 ? "" : count(row.rows)),
              el(
                "td",
                { class: "number" },
                row.loss_first === null ? "" : `${fixed(row.loss_first, 3)} → ${fixed(row.loss_last, 3)}`,
              ),
              el("td", { class: "number" }, duration(row.seconds)),
              el(
                "td",
                {},
                row.round === 0
                  ? null
                  : el(
                      "a",
                      {
                        href: runLink("conversations", entry.id, { round: row.round }),
                        "aria-label": `Conversations of round ${row.round}`,
                      },
                      "conversations",
                    ),
                " ",
                el(
                  "a",
                  {
                    href: runLink("probes", entry.id, { round: row.round }),
                    "aria-label": `Probes after round ${row.round}`,
                  },
                  "probes",
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {RoundRow} row */
function usersOf({ users }) {
  return Object.entries(users)
    .map(([persona, number]) => `${number} ${persona}`)
    .join(", ");
}

/** @param {RunView} view */
function details({ scenario, versions, inputs, entry }) {
  return [
    el("h2", {}, "How it is made"),
    el(
      "details",
      { class: "card" },
      el("summary", {}, "Scenario, with every default"),
      el("pre", { tabindex: 0 }, scenario),
      el("p", {}, el("a", { href: `#/new?${params({ from: entry.id })}` }, "Start one like it")),
    ),
    el(
      "details",
      { class: "card" },
      el("summary", {}, "Versions and hashes"),
      el(
        "dl",
        { class: "pairs" },
        [
          ["Candor", versions.candor],
          ["Node", versions.node],
          ["Scenario", versions.hash],
          ...Object.entries(inputs),
        ].flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("code", {}, value))]),
      ),
    ),
  ];
}
