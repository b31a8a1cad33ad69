import { get, params } from "../api.js";
import { el, fill } from "../dom.js";
import { percent } from "../format.js";
import { comparison } from "../parts/comparison.js";
import { runFacts, runLink } from "../parts/run-head.js";
/** @import { Catalogue, RunEntry, SweepEntry } from "../../api.js" */

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
  const ofRun = (/** @type {RunEntry} */ run) =>
    option(run.id, runLink("run", run.id), run.name, runFacts(run));
  const ofSweep = (/** @type {SweepEntry} */ { id, name, runs }) => {
    const begun = runs.filter(({ status }) => status !== "waiting");
    const cells = begun.map((run) => {
      const share = run.biased === null ? run.method.toUpperCase() : `${percent(run.biased)} biased`;
      return option(run.id, runLink("run", run.id), share, `${run.method.toUpperCase()}, seed ${run.seed}`);
    });
    return [
      option(id, `#/sweep?${params({ id })}`, name, `all ${begun.length} runs of the sweep`),
      el(
        "li",
        {},
        el(
          "details",
          { open: begun.some((run) => chosen.has(run.id)) },
          el("summary", {}, `Single runs of ${name}`),
          el("ul", {}, cells),
        ),
      ),
    ];
  };
  const options = [
    ...catalogue.sweeps.flatMap(ofSweep),
    ...catalogue.runs.filter(({ sweep }) => sweep === null).map(ofRun),
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
