import { get } from "../api.js";
import { disclosure, el, fill } from "../dom.js";
import { percent } from "../format.js";
import { choice, field } from "./fields.js";
/** @import { ComparedRow, Comparison } from "../../api.js" */

/**
 * A figure of runs over rounds, with a choice of what it shows and its numbers beneath.
 * @param {object} options
 * @param {() => string[]} options.ids
 * @param {{ metric?: string, suite?: string, apart?: boolean }} options.state
 * @param {(state: { metric: string, suite: string, apart: boolean }) => void} options.remember
 * @param {AbortSignal} options.signal
 * @param {boolean} [options.seeds] whether there may be several seeds to pool
 */
export function comparison({ ids, state, remember, signal, seeds = false }) {
  const chosen = { metric: state.metric ?? "", suite: state.suite ?? "", apart: state.apart ?? false };
  const controls = el("div", { class: "controls" });
  const waiting = el("p", { class: "figure drawing quiet" }, "Drawing…");
  const image = el("img", { class: "figure", hidden: true });
  const theNumbers = disclosure();
  const theSettings = disclosure();
  const body = el("div", { "aria-busy": "true" }, waiting, image, theNumbers.element, theSettings.element);
  const element = el("section", { class: "comparison", "aria-label": "Curves" }, controls, body);
  let latest = 0;

  const refresh = async () => {
    latest += 1;
    const mine = latest;
    body.setAttribute("aria-busy", "true");
    try {
      const answer = /** @type {Comparison} */ (await get("/api/compare", { run: ids(), ...chosen }, signal));
      if (mine === latest) draw(answer);
    } catch (error) {
      if (!signal.aborted && mine === latest) say(/** @type {Error} */ (error).message);
    }
    if (mine === latest) body.removeAttribute("aria-busy");
  };

  /** @param {Partial<typeof chosen>} change */
  const change = (change) => {
    Object.assign(chosen, change);
    remember(chosen);
    void refresh();
  };

  /** @param {string} words in place of a figure */
  const say = (words) => {
    waiting.textContent = words;
    waiting.hidden = false;
    image.hidden = true;
  };

  /** @param {Comparison} answer */
  const draw = (answer) => {
    if (controls.childElementCount === 0 && answer.metrics.length > 0) drawControls(answer);
    if (answer.figure === "") say("Nothing has been measured yet.");
    else {
      image.src = answer.figure;
      image.alt = answer.description;
      image.hidden = false;
      waiting.hidden = true;
    }
    theNumbers.show("The numbers", answer.rows.length > 0 && numbers(answer.rows));
    theSettings.show("Settings that differ", answer.differing.length > 0 && settings(answer));
  };

  /** @param {Comparison} answer */
  const drawControls = (answer) => {
    const options = answer.metrics.map(({ suite, metric, label }) => ({
      value: `${suite}/${metric}`,
      label,
    }));
    const pick = choice(options, `${answer.suite}/${answer.metric}`, (value) => {
      const [suite = "", metric = ""] = value.split("/");
      change({ suite, metric });
    });
    const apart = el("input", {
      type: "checkbox",
      checked: chosen.apart,
      onchange: () => change({ apart: apart.checked }),
    });
    fill(
      controls,
      field("Measure", pick),
      seeds ? el("label", { class: "check" }, apart, "Each seed by itself") : null,
    );
  };

  return { element, refresh };
}

/** @param {ComparedRow[]} rows */
function numbers(rows) {
  const labels = [...new Set(rows.map(({ label }) => label))];
  const rounds = [...new Set(rows.map(({ round }) => round))].sort((a, b) => a - b);
  const cell = (/** @type {ComparedRow | undefined} */ row) =>
    el("td", { class: "number" }, row ? [percent(row.value), el("small", {}, ` ${range(row)}`)] : "");
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "The numbers of the figure" },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, "Runs"),
          el("th", { scope: "col", class: "number" }, "Seeds"),
          rounds.map((round) => el("th", { scope: "col", class: "number" }, `Round ${round}`)),
        ),
      ),
      el(
        "tbody",
        {},
        labels.map((label) => {
          const own = rows.filter((row) => row.label === label);
          return el(
            "tr",
            {},
            el("th", { scope: "row" }, label),
            el("td", { class: "number" }, own[0]?.seeds),
            rounds.map((round) => cell(own.find((row) => row.round === round))),
          );
        }),
      ),
    ),
  );
}

/** @param {ComparedRow} row */
function range({ low, high }) {
  return `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

/** @param {Comparison} answer */
function settings({ differing, rows }) {
  const labels = [...new Set(rows.map(({ label }) => label))];
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Settings that differ" },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, "Setting"),
          labels.map((label) => el("th", { scope: "col" }, label)),
        ),
      ),
      el(
        "tbody",
        {},
        differing.map(({ field: name, values }) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, el("code", {}, name)),
            labels.map((label) => el("td", {}, values[label] ?? "")),
          ),
        ),
      ),
    ),
  );
}
