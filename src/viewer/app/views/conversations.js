import { follow, get } from "../api.js";
import { debounced, el, fill } from "../dom.js";
import { count, counted, FATE } from "../format.js";
import { conversationReading } from "../parts/conversation-reading.js";
import { choice, field, input, orAll, searchField } from "../parts/fields.js";
import { runHead } from "../parts/run-head.js";
import { fateTag } from "../parts/status.js";
import { virtualList } from "../parts/virtual-list.js";

/** @import { ConversationPage, ConversationRow, ConversationView, Facets, RunView } from "../../api.js" */

const ROW = 68;
const FILTERS = /** @type {const} */ ([
  "text",
  "round",
  "persona",
  "situation",
  "fate",
  "min",
  "max",
  "order",
]);

/** The conversations of a run: found on the left, read on the right. @param {import("../main.js").Context} context */
export async function conversations({ main, params: query, signal, remember, title }) {
  const run = query.get("run") ?? "";
  const coming = /** @type {Promise<Facets>} */ (get("/api/facets", { run }, signal));
  coming.catch(() => {}); // told of where it is waited for
  const view = /** @type {RunView} */ (await get("/api/run", { run }, signal));
  title(`Conversations · ${view.entry.name}`);
  /** @type {Record<string, string>} */
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
  /** @type {{ round: string, id: string }} */
  let chosen = { round: query.get("at") ?? "", id: query.get("id") ?? "" };

  const found = el("p", { class: "found", role: "status" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const reading = el("section", { class: "reading card", "aria-label": "Conversation", tabindex: -1 });
  const filters = el("form", {
    class: "filters",
    role: "search",
    "aria-label": "Filter conversations",
    onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
  });

  const list = virtualList({
    label: "Conversations",
    rowHeight: ROW,
    load: (offset, limit, stop) =>
      /** @type {Promise<ConversationPage>} */ (
        get("/api/conversations", { run, ...filter, offset, limit }, stop)
      ),
    onPage: ({ total, all }, reachable) => {
      problem.hidden = true;
      found.textContent =
        (total === all ? "" : `${count(total)} of `) +
        counted(all, "conversation") +
        (reachable < total ? `; the first ${count(reachable)} are listed, so narrow the filters` : "");
    },
    draw: drawRow,
    onSelect: (row) => void read(row.round, row.id),
    onError: (error) => {
      if (signal.aborted) return;
      problem.hidden = false;
      problem.textContent = error.message;
    },
  });

  const save = () => remember({ run, ...filter, at: chosen.round, id: chosen.id });
  const apply = debounced(200, () => {
    save();
    void list.restart();
  });
  /** @param {string} name */
  const setter = (name) => (/** @type {string} */ value) => {
    filter[name] = value;
    apply();
  };

  /** @param {Facets} facets */
  const drawFilters = ({ rounds, personas, situations, rewards }) => {
    const range = rewards ? { min: rewards.min, max: rewards.max } : {};
    fill(
      filters,
      field("Search", searchField(filter.text ?? "", "Words that were said", setter("text"))),
      field(
        "Round",
        choice(
          [
            { value: "", label: "All rounds" },
            ...rounds.map(({ round, count: held }) => ({
              value: String(round),
              label: `${round} (${count(held)})`,
            })),
          ],
          filter.round ?? "",
          setter("round"),
        ),
      ),
      field("Persona", choice(orAll("All personas", personas), filter.persona ?? "", setter("persona"))),
      field(
        "Situation",
        choice(orAll("All situations", situations), filter.situation ?? "", setter("situation")),
      ),
      field(
        "In training",
        choice(
          [{ value: "", label: "All" }, ...Object.entries(FATE).map(([value, label]) => ({ value, label }))],
          filter.fate ?? "",
          setter("fate"),
        ),
      ),
      el(
        "fieldset",
        { class: "range" },
        el("legend", {}, "Reward"),
        input(
          {
            type: "number",
            inputmode: "decimal",
            placeholder: String(rewards?.min ?? ""),
            ...range,
            value: filter.min,
            "aria-label": "Lowest reward",
          },
          setter("min"),
        ),
        el("span", { "aria-hidden": "true" }, "–"),
        input(
          {
            type: "number",
            inputmode: "decimal",
            placeholder: String(rewards?.max ?? ""),
            ...range,
            value: filter.max,
            "aria-label": "Highest reward",
          },
          setter("max"),
        ),
      ),
      field(
        "Order",
        choice(
          [
            { value: "", label: "As held" },
            { value: "high", label: "Highest reward" },
            { value: "low", label: "Lowest reward" },
          ],
          filter.order ?? "",
          setter("order"),
        ),
      ),
      el("button", { type: "button", class: "quiet-button", onclick: () => void reset() }, "Reset"),
    );
  };
  const reset = async () => {
    for (const name of FILTERS) filter[name] = "";
    drawFilters(await coming);
    filters.querySelector("input")?.focus();
    apply();
  };

  /** @param {number} round @param {string} id */
  const read = async (round, id) => {
    chosen = { round: String(round), id };
    save();
    try {
      const conversation = /** @type {ConversationView} */ (
        await get("/api/conversation", { run, round, id }, signal)
      );
      if (chosen.id === id) fill(reading, conversationReading(conversation, run, list.step));
      if (chosen.id === id) reading.scrollTop = 0;
    } catch (error) {
      if (!signal.aborted)
        fill(reading, el("p", { class: "problem", role: "alert" }, /** @type {Error} */ (error).message));
    }
  };

  fill(
    reading,
    el(
      "p",
      { class: "quiet hint" },
      "Choose a conversation to read it. ",
      el("kbd", {}, "↑"),
      " ",
      el("kbd", {}, "↓"),
      " move through the list, ",
      el("kbd", {}, "/"),
      " searches.",
    ),
  );
  fill(
    main,
    runHead(view.entry, "conversations"),
    filters,
    el(
      "div",
      { class: "split" },
      el("section", { class: "card listing", "aria-label": "Found" }, found, problem, list.element),
      reading,
    ),
  );
  // The list and what it can be filtered by come from the same files: a large run's are read once for both.
  drawFilters((await Promise.all([coming, list.restart()]))[0]);
  if (chosen.id !== "") await read(Number(chosen.round), chosen.id);

  if (view.entry.status === "running") {
    let state = JSON.stringify([view.progress?.round, view.progress?.stage, view.progress?.done]);
    follow(
      { run },
      (/** @type {RunView} */ now) => {
        const next = JSON.stringify([now.progress?.round, now.progress?.stage, now.progress?.done]);
        if (next !== state) list.refresh();
        state = next;
      },
      signal,
    );
  }
}

/** @param {ConversationRow} row */
function drawRow(row) {
  return [
    el(
      "span",
      { class: "row-head" },
      el("span", { class: `persona persona-${row.persona === "benign" ? "benign" : "other"}` }, row.persona),
      el("span", { class: "row-where" }, `round ${row.round} · ${row.situation}`),
      fateTag(row.fate),
      el(
        "span",
        { class: "reward" },
        el("span", { class: "unseen" }, "reward "),
        row.reward === null ? "–" : String(row.reward),
      ),
    ),
    el("span", { class: "row-words" }, row.opening, el("span", { class: "row-reply" }, row.reply)),
  ];
}
