import { follow, get } from "../api.js";
import { debounced, el, fill } from "../dom.js";
import { count, counted, verdictName, verdictTone } from "../format.js";
import { choice, field, orAll, searchField } from "../parts/fields.js";
import { probeReading } from "../parts/probe-reading.js";
import { runHead } from "../parts/run-head.js";
import { verdictLetter, verdictMark } from "../parts/status.js";
import { virtualList } from "../parts/virtual-list.js";

/** @import { ProbeRow, ProbeTable, ProbeView, RunView } from "../../api.js" */

const ROW = 42;
const FILTERS = /** @type {const} */ (["text", "suite", "subset", "verdict", "round", "changed"]);

/** Probes of a run: which verdict each had after every round, and what was said. @param {import("../main.js").Context} context */
export async function probes({ main, params: query, signal, remember, title }) {
  const run = query.get("run") ?? "";
  const [view, read] = /** @type {[RunView, ProbeTable]} */ (
    await Promise.all([get("/api/run", { run }, signal), get("/api/probes", { run }, signal)])
  );
  let table = read;
  title(`Probes · ${view.entry.name}`);
  /** @type {Record<string, string>} */
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
  let chosen = {
    suite: query.get("of") ?? "",
    probe: query.get("probe") ?? "",
    at: Number(query.get("at") ?? table.rounds.at(-1) ?? 0),
  };
  /** @type {Set<string> | undefined} */
  let hits;
  /** @type {ProbeRow[]} */
  let rows = [];

  const found = el("p", { class: "found", role: "status" });
  const reading = el("section", { class: "reading card", "aria-label": "Probe", tabindex: -1 });
  const filters = el("form", {
    class: "filters",
    role: "search",
    "aria-label": "Filter probes",
    onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
  });
  const list = virtualList({
    label: "Probes",
    rowHeight: ROW,
    load: async (offset, limit) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    draw: (row) => drawRow(row, table.rounds),
    onSelect: (row) => void open(row.suite, row.probe),
    onPage: ({ total }) => {
      found.textContent =
        (total === table.rows.length ? "" : `${count(total)} of `) + counted(table.rows.length, "probe");
    },
    onError: () => {},
  });

  const save = () =>
    remember({
      run,
      ...filter,
      of: chosen.suite,
      probe: chosen.probe,
      at: chosen.probe === "" ? "" : chosen.at,
    });
  const select = async () => {
    const { text = "" } = filter;
    const answer = text.trim() === "" ? undefined : await get("/api/probes/search", { run, text }, signal);
    hits = answer && new Set(answer);
    rows = table.rows.filter(matches);
    await list.restart();
  };
  const apply = debounced(200, () => {
    save();
    void select();
  });
  /** @param {string} name */
  const setter = (name) => (/** @type {string} */ value) => {
    filter[name] = value;
    if (name === "suite") filter.subset = "";
    if (name === "suite") drawFilters();
    apply();
  };
  /** @param {ProbeRow} row */
  const matches = (row) => {
    const verdicts = filter.round === "" ? Object.values(row.verdicts) : [row.verdicts[filter.round ?? ""]];
    const all = Object.values(row.verdicts);
    return (
      (filter.suite === "" || row.suite === filter.suite) &&
      (filter.subset === "" || row.subset === filter.subset) &&
      (filter.verdict === "" || verdicts.includes(filter.verdict)) &&
      (filter.changed === "" || new Set(all).size > 1) &&
      (!hits || hits.has(`${row.suite}/${row.probe}`))
    );
  };
  const drawFilters = () => {
    const subsets = table.suites
      .filter(({ suite }) => filter.suite === "" || suite === filter.suite)
      .flatMap(({ subsets }) => subsets);
    const changed = el("input", {
      type: "checkbox",
      checked: filter.changed !== "",
      onchange: () => setter("changed")(changed.checked ? "1" : ""),
    });
    fill(
      filters,
      field("Search", searchField(filter.text ?? "", "Words that were said", setter("text"))),
      table.suites.length > 1
        ? field(
            "Suite",
            choice(
              orAll(
                "All suites",
                table.suites.map(({ suite }) => suite),
              ),
              filter.suite ?? "",
              setter("suite"),
            ),
          )
        : null,
      field("Kind", choice(orAll("All kinds", [...new Set(subsets)]), filter.subset ?? "", setter("subset"))),
      field(
        "Verdict",
        choice(
          [
            { value: "", label: "All verdicts" },
            ...table.verdicts.map((verdict) => ({ value: verdict, label: verdictName(verdict) })),
          ],
          filter.verdict ?? "",
          setter("verdict"),
        ),
      ),
      field(
        "after round",
        choice(
          [
            { value: "", label: "any" },
            ...table.rounds.map((round) => ({ value: String(round), label: String(round) })),
          ],
          filter.round ?? "",
          setter("round"),
        ),
      ),
      el("label", { class: "check" }, changed, "Verdict changed"),
      el("button", { type: "button", class: "quiet-button", onclick: reset }, "Reset"),
    );
  };
  const reset = () => {
    for (const name of FILTERS) filter[name] = "";
    drawFilters();
    filters.querySelector("input")?.focus();
    apply();
  };

  /** @param {string} suite @param {string} probe */
  const open = async (suite, probe) => {
    chosen = { suite, probe, at: chosen.at };
    save();
    const { rounds } = /** @type {ProbeView} */ (await get("/api/probe", { run, suite, probe }, signal));
    if (chosen.probe !== probe) return;
    const show = (/** @type {number} */ at) => {
      chosen.at = at;
      save();
      fill(reading, probeReading(rounds, at, run, show));
    };
    const known = rounds.some(({ round }) => round === chosen.at);
    show(known ? chosen.at : (rounds.at(-1)?.round ?? 0));
  };

  fill(
    reading,
    el(
      "p",
      { class: "quiet hint" },
      "Choose a probe to see what the assistant said in every round. ",
      el("kbd", {}, "←"),
      " ",
      el("kbd", {}, "→"),
      " step through the rounds.",
    ),
  );
  // The list keeps the focus while the rounds change under it.
  list.element.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight")
      reading.querySelector("[data-step='1']")?.dispatchEvent(new Event("click"));
    if (event.key === "ArrowLeft")
      reading.querySelector("[data-step='-1']")?.dispatchEvent(new Event("click"));
  });
  drawFilters();
  fill(
    main,
    runHead(view.entry, "probes"),
    filters,
    el(
      "div",
      { class: "split" },
      el(
        "section",
        { class: "card listing", "aria-label": "Found" },
        legend(table.verdicts),
        found,
        list.element,
      ),
      reading,
    ),
  );
  await select();
  if (chosen.probe !== "") await open(chosen.suite, chosen.probe);

  if (view.entry.status === "running") {
    let complete = view.rounds.length;
    follow(
      { run },
      async (/** @type {RunView} */ now) => {
        if (now.rounds.length === complete) return;
        complete = now.rounds.length;
        table = await get("/api/probes", { run }, signal);
        drawFilters();
        rows = table.rows.filter(matches);
        list.refresh();
      },
      signal,
    );
  }
}

/** @param {ProbeRow} row @param {number[]} rounds */
function drawRow(row, rounds) {
  return [
    el(
      "span",
      { class: "row-head" },
      el("span", { class: "row-name" }, row.probe),
      el("span", { class: "row-kind" }, row.subset.replaceAll("_", " ")),
      el(
        "span",
        { class: "marks" },
        rounds.map((round) =>
          row.verdicts[round] === undefined
            ? el("span", { class: "mark none" }, "·")
            : verdictMark(row.verdicts[round], round),
        ),
      ),
    ),
  ];
}

/** @param {string[]} verdicts */
function legend(verdicts) {
  return el(
    "p",
    { class: "legend" },
    verdicts.map((verdict) =>
      el(
        "span",
        {},
        el(
          "span",
          { class: `mark tone-${verdictTone(verdict)}`, "aria-hidden": "true" },
          verdictLetter(verdict),
        ),
        ` ${verdictName(verdict)} `,
      ),
    ),
  );
}
