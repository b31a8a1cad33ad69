import { get, params, post } from "../api.js";
import { debounced, el, fill } from "../dom.js";
import { counted } from "../format.js";
import { jobsPanel } from "../parts/jobs.js";
import { scenarioForm } from "../parts/scenario-form.js";
/** @import { Draft, FormFacts, RunView } from "../../api.js" */

/** A form that writes a scenario, the YAML it makes, and the start of it. @param {import("../main.js").Context} context */
export async function newRun({ main, params: query, signal, title }) {
  title("New run");
  const facts = /** @type {FormFacts} */ (await get("/api/form", {}, signal));
  const from = query.get("from");
  const model =
    from === null ? undefined : /** @type {RunView} */ (await get("/api/run", { run: from }, signal));

  const yaml = el("textarea", {
    class: "yaml",
    rows: 24,
    spellcheck: "false",
    "aria-label": "Scenario as YAML",
    "aria-describedby": "yaml-state",
  });
  const state = el("p", { id: "yaml-state", class: "quiet" });
  const problems = el("ul", { class: "problems", "aria-live": "polite" });
  const startRun = el(
    "button",
    { type: "button", disabled: true, onclick: () => void start("run") },
    "Start run",
  );
  const startSweep = el(
    "button",
    { type: "button", disabled: true, hidden: true, onclick: () => void start("sweep") },
    "Start sweep",
  );
  const failed = el("p", { class: "problem", role: "alert", hidden: true });
  const jobs = jobsPanel(signal);
  let byHand = model !== undefined;
  let latest = 0;

  /** @param {unknown} request */
  const check = async (request) => {
    latest += 1;
    const mine = latest;
    startRun.disabled = true;
    startSweep.disabled = true;
    try {
      const draft = /** @type {Draft} */ (await post("/api/draft", request, signal));
      if (mine === latest) show(draft);
    } catch (error) {
      if (!signal.aborted && mine === latest)
        fill(problems, el("li", {}, /** @type {Error} */ (error).message));
    }
  };
  /** @param {Draft} draft */
  const show = (draft) => {
    if (!byHand) yaml.value = draft.yaml;
    const good = draft.problems.length === 0;
    fill(
      problems,
      draft.problems.map((problem) => el("li", {}, problem)),
    );
    startRun.disabled = !good;
    startSweep.disabled = !good;
    startSweep.hidden = draft.cells < 2;
    startSweep.textContent = `Start sweep of ${counted(draft.cells, "run")}`;
    drawState(good);
  };
  /** @param {boolean} good */
  const drawState = (good) => {
    fill(
      state,
      byHand
        ? "Edited by hand; the form no longer changes it. "
        : "Made by the form; edit it for what the form does not have. ",
      good ? "It can be started." : "It cannot be started yet.",
      byHand
        ? [
            " ",
            el(
              "button",
              {
                type: "button",
                class: "quiet-button",
                onclick: () => {
                  byHand = false;
                  form.tell();
                },
              },
              "Back to the form",
            ),
          ]
        : null,
    );
  };
  /** @param {"run" | "sweep"} kind */
  const start = async (kind) => {
    failed.hidden = true;
    startRun.disabled = true;
    startSweep.disabled = true;
    try {
      await post("/api/jobs", { kind, yaml: yaml.value }, signal);
      await jobs.refresh();
    } catch (error) {
      failed.hidden = false;
      failed.textContent = /** @type {Error} */ (error).message;
    }
    startRun.disabled = false;
    startSweep.disabled = false;
  };

  const form = scenarioForm(
    facts,
    debounced(150, (fields) => {
      if (!byHand) void check({ fields });
    }),
  );
  const checkYaml = debounced(300, () => void check({ yaml: yaml.value }));
  yaml.addEventListener("input", () => {
    byHand = true;
    checkYaml();
  });

  fill(
    main,
    el("h1", { tabindex: -1 }, "New run"),
    el(
      "div",
      { class: "split form-split" },
      form.element,
      el(
        "section",
        { class: "card", "aria-label": "Scenario" },
        el("h2", {}, "Scenario"),
        state,
        yaml,
        problems,
        failed,
        el("p", { class: "actions" }, startRun, startSweep),
        model
          ? el(
              "p",
              { class: "quiet" },
              "Copied from ",
              el("a", { href: `#/run?${params({ run: model.entry.id })}` }, model.entry.id),
            )
          : null,
        jobs.element,
      ),
    ),
  );
  if (model) {
    yaml.value = model.scenario;
    await check({ yaml: yaml.value });
  } else form.tell();
  await jobs.refresh();
}
