import { follow, params } from "../api.js";
import { el, fill } from "../dom.js";
import { ago, counted, percent } from "../format.js";
import { searchField } from "../parts/fields.js";
import { runLink } from "../parts/run-head.js";
import { commonBottom, sparkline } from "../parts/sparkline.js";
import { statusPill } from "../parts/status.js";
/** @import { Catalogue, RunEntry, SweepEntry } from "../../api.js" */

/** Everything there is, as it changes. @param {import("../main.js").Context} context */
export async function runs({ main, params: query, signal, remember, title }) {
  title("Runs");
  /** @type {Catalogue | undefined} */
  let catalogue;
  let bottom = 0.5;
  let text = query.get("text") ?? "";
  /** @type {Set<string>} */
  const picked = new Set();
  /** @type {Set<string>} */
  const open = new Set();

  const search = searchField(text, "Filter by name, status, method …", (value) => {
    text = value;
    remember({ text });
    draw();
  });
  search.setAttribute("aria-label", "Filter runs");
  const lead = el("p", { class: "quiet" });
  const compareLink = el("a", { class: "button" });
  const body = el("tbody");
  const empty = el("div");
  const table = el(
    "table",
    { class: "runs" },
    el("caption", { class: "unseen" }, "Runs and sweeps"),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, el("span", { class: "unseen" }, "Compare")),
        ["Name", "Status"].map((name) => el("th", { scope: "col" }, name)),
        ["Biased", "Method", "Seed", "Rounds"].map((name) =>
          el("th", { scope: "col", class: name === "Method" ? "" : "number" }, name),
        ),
        el("th", { scope: "col" }, "Honesty"),
        el("th", { scope: "col" }, "Changed"),
      ),
    ),
    body,
  );
  const scroll = el(
    "div",
    { class: "scroll card", tabindex: 0, role: "region", "aria-label": "Runs and sweeps" },
    table,
  );
  fill(
    main,
    el("div", { class: "title-line" }, el("h1", { tabindex: -1 }, "Runs"), lead),
    el("div", { class: "bar" }, search, compareLink),
    scroll,
    empty,
  );

  const draw = () => {
    if (!catalogue) return;
    bottom = commonBottom(catalogue.runs);
    const alone = catalogue.runs.filter(({ sweep }) => sweep === null);
    const total = alone.length + catalogue.sweeps.reduce((sum, { runs }) => sum + runs.length, 0);
    lead.textContent = `${counted(total, "run")} in ${catalogue.folder}`;
    /** @type {{ changed: number, rows: HTMLElement[] }[]} */
    const groups = [
      ...catalogue.sweeps.map((sweep) => ({
        changed: Math.max(0, ...sweep.runs.map(({ changed }) => changed)),
        rows: sweepRows(sweep),
      })),
      ...alone.filter(matches).map((run) => ({ changed: run.changed, rows: [runRow(run)] })),
    ];
    fill(
      body,
      groups.sort((a, b) => b.changed - a.changed).flatMap(({ rows }) => rows),
    );
    scroll.hidden = body.childElementCount === 0;
    fill(empty, body.childElementCount > 0 ? null : nothing(total));
    drawCompare();
  };

  const drawCompare = () => {
    compareLink.textContent =
      picked.size === 0 ? "Tick runs to compare them" : `Compare ${counted(picked.size, "choice")}`;
    if (picked.size === 0) compareLink.removeAttribute("href");
    else compareLink.setAttribute("href", `#/compare?${params({ run: [...picked] })}`);
  };

  /** @param {RunEntry} run */
  const matches = (run) => {
    const words = [
      run.name,
      run.id,
      run.status,
      run.method,
      run.assistant,
      `seed ${run.seed}`,
      run.biased === null ? "" : percent(run.biased),
    ];
    const all = words.join(" ").toLowerCase();
    return text
      .toLowerCase()
      .split(/\s+/u)
      .every((word) => all.includes(word));
  };

  /** @param {SweepEntry} sweep @returns {HTMLElement[]} */
  const sweepRows = (sweep) => {
    const shown = sweep.runs.filter(matches);
    if (shown.length === 0) return [];
    const opened = open.has(sweep.id) || text !== "";
    const done = sweep.runs.filter(({ status }) => status === "done").length;
    const status = sweepStatus(sweep);
    const toggle = el(
      "button",
      {
        class: "toggle",
        id: `open-${sweep.id}`,
        "aria-expanded": String(opened),
        "aria-label": `Runs of ${sweep.name}`,
        onclick: () => {
          if (!open.delete(sweep.id)) open.add(sweep.id);
          draw();
        },
      },
      "",
    );
    const shares = [...new Set(sweep.runs.flatMap(({ biased }) => (biased === null ? [] : [biased])))].sort(
      (a, b) => a - b,
    );
    const methods = [...new Set(sweep.runs.map(({ method }) => method.toUpperCase()))];
    const seeds = new Set(sweep.runs.map(({ seed }) => seed)).size;
    const head = el(
      "tr",
      { class: "sweep" },
      el("td", {}, tick(sweep.id, sweep.name)),
      el(
        "th",
        { scope: "row" },
        toggle,
        el("a", { id: `go-${sweep.id}`, href: `#/sweep?${params({ id: sweep.id })}` }, sweep.name),
        el("small", {}, ` sweep of ${counted(sweep.runs.length, "run")}`),
      ),
      el("td", {}, statusPill(status)),
      el(
        "td",
        { class: "number" },
        shares.length > 1 ? `${percent(shares[0])} – ${percent(shares.at(-1))}` : percent(shares[0]),
      ),
      el("td", {}, methods.join(", ")),
      el("td", { class: "number" }, seeds, el("small", {}, seeds === 1 ? " seed" : " seeds")),
      el("td", { class: "number" }, `${done}/${sweep.runs.length}`, el("small", {}, " runs")),
      el("td", {}, fan(sweep)),
      el("td", {}, ago(Math.max(0, ...sweep.runs.map(({ changed }) => changed)))),
    );
    return opened ? [head, ...shown.map(runRow)] : [head];
  };

  /** @param {RunEntry} run */
  const runRow = (run) => {
    const name = run.sweep ? axesOf(run) : run.name;
    const begun = run.status !== "waiting";
    return el(
      "tr",
      { class: run.sweep ? "cell" : "" },
      el("td", {}, begun ? tick(run.id, name) : null),
      el(
        "th",
        { scope: "row" },
        begun ? el("a", { id: `go-${run.id}`, href: runLink("run", run.id) }, name) : name,
        run.sweep ? null : el("small", {}, ` ${run.id}`),
      ),
      el("td", {}, statusPill(run.status)),
      el("td", { class: "number" }, run.biased === null ? "–" : percent(run.biased)),
      el("td", {}, run.method.toUpperCase()),
      el("td", { class: "number" }, run.seed),
      el("td", { class: "number" }, `${Math.max(0, run.round)}/${run.rounds}`),
      el("td", {}, begun ? honesty(run, bottom) : null),
      el("td", {}, ago(run.changed)),
    );
  };

  /** @param {string} id @param {string} name */
  const tick = (id, name) => {
    const box = el("input", {
      type: "checkbox",
      id: `pick-${id}`,
      "aria-label": `Compare ${name}`,
      checked: picked.has(id),
      onchange: () => {
        if (box.checked) picked.add(id);
        else picked.delete(id);
        drawCompare();
      },
    });
    return box;
  };

  drawCompare();
  follow(
    {},
    (state) => {
      catalogue = state;
      draw();
    },
    signal,
  );
}

/** @param {number} total */
function nothing(total) {
  return total > 0
    ? el("p", { class: "quiet" }, "No run matches the filter.")
    : el(
        "p",
        { class: "quiet" },
        "Nothing here yet. ",
        el("a", { href: "#/new" }, "Start a run"),
        ", or give ",
        el("code", {}, "candor view"),
        " the folder that holds your runs.",
      );
}

/** @param {RunEntry} run @param {number} bottom */
function honesty(run, bottom) {
  const measured = run.honesty.filter((value) => value !== null);
  const words =
    measured.length > 1 ? `${percent(measured[0])} → ${percent(measured.at(-1))}` : percent(measured[0]);
  return el(
    "span",
    { class: "honesty" },
    sparkline(run.honesty, run.rounds, bottom),
    el("span", { class: "numbers" }, words),
  );
}

/** How far the runs of a sweep have spread. @param {SweepEntry} sweep */
function fan({ runs }) {
  const last = runs
    .flatMap(({ honesty, status }) =>
      status === "done" ? [honesty.findLast((value) => value !== null) ?? null] : [],
    )
    .filter((value) => value !== null);
  if (last.length === 0) return "–";
  return el(
    "span",
    { class: "numbers" },
    `ends at ${percent(Math.min(...last))} – ${percent(Math.max(...last))}`,
  );
}

/** @param {RunEntry} run */
function axesOf(run) {
  const values = Object.entries(run.axes).map(([path, value]) => `${path.split(".").at(-1)} ${value}`);
  return [...values, `seed ${run.seed}`].join(", ");
}

/** @param {SweepEntry} sweep @returns {import("../../api.js").Status} */
export function sweepStatus({ runs }) {
  for (const status of /** @type {const} */ (["running", "failed", "interrupted", "stopped"]))
    if (runs.some((run) => run.status === status)) return status;
  return runs.every(({ status }) => status === "done") ? "done" : "waiting";
}
