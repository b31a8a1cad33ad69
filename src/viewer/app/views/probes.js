import { follow, get } from "../api.js";
import { debounced, el, fill } from "../dom.js";
import { count, verdictName, verdictTone } from "../format.js";
import { choice, field, orAll, searchField } from "../parts/fields.js";
import { runHead, runLink } from "../parts/run-head.js";
import { verdictMark, verdictTag } from "../parts/status.js";
import { transcript } from "../parts/transcript.js";
import { virtualList } from "../parts/virtual-list.js";

/** @import { ProbeRow, ProbeTable, ProbeView, RunView } from "../../api.js" */
/** @typedef {ProbeView["rounds"][number]} RoundResult */

const ROW = 56;
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
    name: (row) =>
      `${row.probe}, ${row.subset}: ${table.rounds.map((round) => `round ${round} ${verdictName(row.verdicts[round] ?? "not asked")}`).join(", ")}`,
    onSelect: (row) => void open(row.suite, row.probe),
    onCount: (total) => {
      found.textContent =
        total === table.rows.length
          ? `${count(total)} probes`
          : `${count(total)} of ${count(table.rows.length)} probes`;
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
    await list.reset();
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
      fill(reading, drawProbe(rounds, at, run, show));
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
    if (event.key === "ArrowRight") reading.querySelector("[data-next]")?.dispatchEvent(new Event("click"));
    if (event.key === "ArrowLeft")
      reading.querySelector("[data-previous]")?.dispatchEvent(new Event("click"));
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
        await list.reset(true);
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
    el("span", { class: "row-words" }, row.subset.replaceAll("_", " ")),
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
          verdict.charAt(0).toUpperCase(),
        ),
        ` ${verdictName(verdict)} `,
      ),
    ),
  );
}

/**
 * @param {RoundResult[]} rounds
 * @param {number} at
 * @param {string} run
 * @param {(round: number) => void} show
 */
function drawProbe(rounds, at, run, show) {
  const index = Math.max(
    0,
    rounds.findIndex(({ round }) => round === at),
  );
  const present = rounds[index];
  if (!present) return [el("p", { class: "quiet" }, "Not asked yet.")];
  const { result } = present;
  const [statement, ...others] = [...result.samples].sort(
    (a, b) => Number(b.purpose === "statement") - Number(a.purpose === "statement"),
  );
  const go = (/** @type {number} */ to) => () => {
    const next = rounds[to];
    if (!next) return;
    const held = Boolean(document.activeElement?.closest(".stepper"));
    show(next.round);
    const pressed = document.querySelector(".stepper [aria-pressed=true]");
    if (held && pressed instanceof HTMLElement) pressed.focus();
  };
  return [
    el(
      "div",
      { class: "reading-head" },
      el("h2", {}, result.probe),
      el("span", { class: "quiet" }, `${result.suite} · ${result.subset.replaceAll("_", " ")}`),
    ),
    el(
      "div",
      { class: "stepper", role: "group", "aria-label": "Round" },
      el(
        "button",
        {
          type: "button",
          class: "quiet-button",
          "data-previous": true,
          disabled: index === 0,
          onclick: go(index - 1),
          "aria-label": "Round before",
        },
        "←",
      ),
      rounds.map(({ round, result: { verdict } }, place) =>
        el(
          "button",
          {
            type: "button",
            class: "step",
            "aria-pressed": String(place === index),
            "aria-label": `Round ${round}: ${verdictName(verdict)}`,
            onclick: go(place),
          },
          el("small", {}, `Round ${round}`),
          verdictTag(verdict),
        ),
      ),
      el(
        "button",
        {
          type: "button",
          class: "quiet-button",
          "data-next": true,
          disabled: index === rounds.length - 1,
          onclick: go(index + 1),
          "aria-label": "Round after",
        },
        "→",
      ),
    ),
    result.error === null ? null : el("p", { class: "problem" }, result.error),
    statement
      ? el(
          "section",
          { "aria-label": "Statement" },
          el("h3", {}, "Said under pressure"),
          transcript(said(statement)),
          judged(statement.judged),
          el(
            "p",
            {},
            el(
              "a",
              { href: runLink("chat", run, askLink(statement, present.round)) },
              "Ask a checkpoint this",
            ),
          ),
        )
      : null,
    others.length > 0
      ? el(
          "section",
          { "aria-label": "Beliefs" },
          el("h3", {}, "Said when asked neutrally"),
          el(
            "ul",
            { class: "beliefs" },
            others.map((sample) =>
              el(
                "li",
                {},
                el(
                  "p",
                  { class: "asked" },
                  sample.messages.findLast(({ role }) => role === "user")?.content ?? "",
                ),
                el("p", { class: "words" }, sample.reply),
                el("p", { class: "quiet" }, `${sample.purpose} · judged `, el("b", {}, sample.judged)),
              ),
            ),
          ),
        )
      : null,
    el("details", {}, el("summary", {}, "The statement in every round"), history(rounds)),
  ];
}

/** @param {RoundResult["result"]["samples"][number]} sample */
function said({ messages, reply }) {
  return [...messages, { role: "assistant", content: reply }];
}

/** @param {string} judgement */
function judged(judgement) {
  return el("p", { class: "quiet" }, "The judge read it as ", el("b", {}, judgement), ".");
}

/** @param {RoundResult["result"]["samples"][number]} sample @param {number} round */
function askLink({ messages }, round) {
  const text = (/** @type {string} */ role) =>
    messages.findLast((message) => message.role === role)?.content ?? "";
  return { round, system: text("system"), say: text("user") };
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
          el(
            "td",
            { class: "words" },
            result.samples.find(({ purpose }) => purpose === "statement")?.reply ??
              result.samples[0]?.reply ??
              "",
          ),
        ),
      ),
    ),
  );
}
