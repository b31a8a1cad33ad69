import { follow, params } from "../api.js";
import { el, fill } from "../dom.js";
import { ago, counted, percent } from "../format.js";
import { comparison } from "../parts/comparison.js";
import { runLink } from "../parts/run-head.js";
import { commonBottom, sparkline } from "../parts/sparkline.js";
import { statusPill } from "../parts/status.js";
import { sweepStatus } from "./runs/groups.js";
/** @import { Catalogue, RunEntry, SweepEntry } from "../../api.js" */

/** A grid of runs, as it fills. @param {import("../main.js").Context} context */
export async function sweep({ main, params: query, signal, remember, title }) {
  const id = query.get("id") ?? "";
  const head = el("div");
  const grid = el("section", { class: "card beside", "aria-label": "Runs" });
  const figure = comparison({
    ids: () => [id],
    state: { metric: query.get("metric") ?? "", suite: query.get("suite") ?? "", apart: query.has("apart") },
    remember: (state) => remember({ id, ...state }),
    signal,
    seeds: true,
  });
  let measured = -1;
  fill(main, head, el("div", { class: "overview" }, figure.element, grid));

  follow(
    {},
    (/** @type {Catalogue} */ catalogue) => {
      const found = catalogue.sweeps.find((sweep) => sweep.id === id);
      if (!found) {
        fill(
          main,
          el("h1", { tabindex: -1 }, "No such sweep"),
          el("p", {}, el("a", { href: "#/" }, "All runs")),
        );
        return;
      }
      title(found.name);
      drawHead(head, found);
      drawGrid(grid, found);
      const now = found.runs.reduce((sum, { honesty }) => sum + honesty.length, 0);
      if (now !== measured) void figure.refresh();
      measured = now;
    },
    signal,
  );
}

/** @param {HTMLElement} place @param {SweepEntry} sweep */
function drawHead(place, sweep) {
  const done = sweep.runs.filter(({ status }) => status === "done").length;
  const steps = sweep.runs.reduce((sum, run) => sum + run.rounds + 1, 0);
  const complete = sweep.runs.reduce((sum, run) => sum + run.round + 1, 0);
  fill(
    place,
    el("nav", { class: "crumbs", "aria-label": "Where this is" }, el("a", { href: "#/" }, "Runs")),
    el(
      "div",
      { class: "title-line" },
      el("h1", { tabindex: -1 }, sweep.name),
      statusPill(sweepStatus(sweep)),
      el("p", { class: "quiet facts" }, `${done} of ${counted(sweep.runs.length, "run")} done · ${sweep.id}`),
      sweep.report
        ? el(
            "a",
            {
              id: "report",
              class: "button",
              href: `/api/report?${params({ run: sweep.id })}`,
              target: "_blank",
            },
            "Report",
          )
        : null,
    ),
    sweep.description === "" ? null : el("p", { class: "description" }, sweep.description),
    complete < steps
      ? el(
          "p",
          { class: "progress" },
          el("progress", { max: steps, value: complete, "aria-label": "Complete rounds of all runs" }),
          ` ${complete} of ${steps} rounds`,
        )
      : null,
  );
}

/** @param {HTMLElement} place @param {SweepEntry} sweep */
function drawGrid(place, { runs }) {
  const bottom = commonBottom(runs);
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  /** @type {Map<string, RunEntry[]>} */
  const rows = new Map();
  for (const run of runs) {
    const name =
      Object.entries(run.axes)
        .map(([path, value]) => axisWords(path, value))
        .join(", ") || run.name;
    rows.set(name, [...(rows.get(name) ?? []), run]);
  }
  fill(
    place,
    el("h2", {}, "Runs"),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Runs of the sweep" },
      el(
        "table",
        { class: "grid" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Setting"),
            seeds.map((seed) => el("th", { scope: "col" }, `Seed ${seed}`)),
          ),
        ),
        el(
          "tbody",
          {},
          [...rows].map(([name, own]) =>
            el(
              "tr",
              {},
              el("th", { scope: "row" }, name),
              seeds.map((seed) =>
                gridCell(
                  own.find((run) => run.seed === seed),
                  bottom,
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} path @param {string | number | boolean} value */
function axisWords(path, value) {
  if (path === "population.personas.biased") return `${percent(Number(value))} biased`;
  return path === "training.method" ? String(value).toUpperCase() : `${path.split(".").at(-1)} ${value}`;
}

/** @param {RunEntry | undefined} run @param {number} bottom */
function gridCell(run, bottom) {
  if (!run) return el("td", {}, "");
  if (run.status === "waiting") return el("td", { class: "quiet" }, "waiting");
  const last = run.honesty.findLast((value) => value !== null);
  return el(
    "td",
    {},
    el(
      "a",
      {
        id: `go-${run.id}`,
        class: "grid-cell",
        href: runLink("run", run.id),
        title: `changed ${ago(run.changed)}`,
      },
      sparkline(run.honesty, run.rounds, bottom),
      el(
        "span",
        {},
        run.status === "done"
          ? percent(last)
          : `${run.status}, round ${Math.max(0, run.round)} of ${run.rounds}`,
      ),
    ),
  );
}
