import { get, params } from "../api.js";
import { el, fill } from "../dom.js";
import { comparison } from "../parts/comparison.js";
import { runFacts, runLink } from "../parts/run-head.js";
/** @import { Catalogue } from "../../api.js" */

/** Runs side by side. @param {import("../main.js").Context} context */
export async function compare({ main, params: query, signal, remember, title }) {
  title("Compare");
  const catalogue = /** @type {Catalogue} */ (await get("/api/catalogue", {}, signal));
  const chosen = new Set(query.getAll("run"));
  let state = {
    metric: query.get("metric") ?? "",
    suite: query.get("suite") ?? "",
    apart: query.has("apart"),
  };
  const figure = comparison({
    ids: () => [...chosen],
    state,
    signal,
    seeds: true,
    remember: (next) => {
      state = next;
      remember({ run: [...chosen], ...state });
    },
  });
  const place = el("div");

  /** @param {string} id @param {boolean} on */
  const choose = (id, on) => {
    if (on) chosen.add(id);
    else chosen.delete(id);
    remember({ run: [...chosen], ...state });
    draw();
  };
  const draw = () => {
    fill(
      place,
      chosen.size > 0
        ? figure.element
        : el(
            "p",
            { class: "quiet" },
            "Tick the runs to compare. Runs that differ by their seed alone are pooled.",
          ),
    );
    if (chosen.size > 0) void figure.refresh();
  };
  /** @param {string} id @param {string} href @param {string} name @param {string} facts */
  const option = (id, href, name, facts) => {
    const box = el("input", {
      type: "checkbox",
      checked: chosen.has(id),
      "aria-label": `Compare ${name}, ${facts}`,
      onchange: () => choose(id, box.checked),
    });
    return el("li", {}, box, el("span", {}, el("a", { href }, name), el("small", {}, ` ${facts}`)));
  };
  const options = [
    ...catalogue.sweeps.map((sweep) =>
      option(
        sweep.id,
        `#/sweep?${params({ id: sweep.id })}`,
        sweep.name,
        `all ${sweep.runs.length} runs of the sweep`,
      ),
    ),
    ...catalogue.runs.map((run) => option(run.id, runLink("run", run.id), run.name, runFacts(run))),
  ];
  fill(
    main,
    el("h1", { tabindex: -1 }, "Compare"),
    el(
      "div",
      { class: "split wide" },
      el(
        "section",
        { class: "card side", "aria-label": "What to compare" },
        el("ul", { class: "options" }, options),
        options.length === 0 ? el("p", { class: "quiet" }, "There are no runs yet.") : null,
      ),
      place,
    ),
  );
  draw();
}
