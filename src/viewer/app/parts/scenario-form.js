import { el, fill } from "../dom.js";
import { choice, field, input } from "./fields.js";

/** @import { FormFacts } from "../../api.js" */

/** @typedef {{ description?: string, default?: unknown, type?: string, enum?: string[], minimum?: number, exclusiveMinimum?: number, maximum?: number, properties?: Record<string, Schema>, anyOf?: Schema[] }} Schema */

const MAIN = ["name", "description", "seed", "rounds", "situations", "population.size"];
const LEARNING = [
  "training.method",
  "training.start_from",
  "training.learning_rate",
  "training.num_train_epochs",
  "preference.top",
  "preference.bottom",
];
const MORE = [
  "models.assistant",
  "models.user",
  "models.rater",
  "models.judge",
  "interaction.exchanges",
  "interaction.max_tokens",
  "training.batch_size",
  "training.lora_r",
  "training.lora_alpha",
  "training.beta",
  "evaluation.every",
];
/** Stand in the YAML also where they are the default: they are what a reader asks first. */
const ALWAYS = new Set(["name", "seed", "rounds", "population.size", "training.method"]);

/** @type {Record<string, string>} */
const LABELS = {
  "population.size": "Users a round",
  "training.method": "Training method",
  "training.start_from": "Each round trains from",
  "training.num_train_epochs": "Epochs",
  "preference.top": "Learn from the best",
  "preference.bottom": "Learn away from the worst",
  "interaction.max_tokens": "Longest turn, tokens",
  "training.lora_r": "LoRA rank",
  "training.lora_alpha": "LoRA alpha",
  "training.beta": "KTO beta",
  "evaluation.every": "Measure every … rounds",
};

/**
 * Fields of the scenario's own JSON Schema, with its words, limits and defaults.
 * @param {FormFacts} facts
 * @param {(fields: Record<string, unknown>) => void} onChange
 */
export function scenarioForm({ schema, personas, packs, suites }, onChange) {
  /** @type {Map<string, string>} */
  const values = new Map([["name", "my-study"]]);
  /** @type {Map<string, string>} */
  const shares = new Map([
    ["benign", "rest"],
    ["biased", "0.1"],
  ]);
  /** @type {Set<string>} */
  const measured = new Set(["mask"]);
  const sweep = { seeds: String(nodeAt(schema, "sweep.seeds").default ?? 1), fractions: "" };
  const tell = () => onChange(collect());

  /** @param {string} path */
  const control = (path) => {
    const node = nodeAt(schema, path);
    const value = values.get(path) ?? String(node.default ?? "");
    const set = (/** @type {string} */ next) => {
      values.set(path, next);
      tell();
    };
    const options = path === "situations" ? packs : node.enum;
    const label = LABELS[path] ?? sentence(path.split(".").at(-1) ?? path);
    if (options)
      return field(
        label,
        choice(
          options.map((name) => ({ value: name, label: name })),
          value,
          set,
        ),
        node.description,
      );
    const numeric = node.type === "integer" || node.type === "number";
    return field(
      label,
      input(
        {
          type: numeric ? "number" : "text",
          step: node.type === "integer" ? 1 : "any",
          min: node.minimum,
          max: node.maximum,
          value,
        },
        set,
      ),
      node.description,
    );
  };

  const people = el("div", { class: "people" });
  const drawPeople = () => {
    const free = personas.filter(({ name }) => !shares.has(name));
    const add = choice(
      [
        { value: "", label: "Add a persona …" },
        ...free.map(({ name, description }) => ({ value: name, label: `${name}: ${description}` })),
      ],
      "",
      (name) => {
        if (name === "") return;
        shares.set(name, "0.1");
        drawPeople();
        tell();
      },
    );
    add.setAttribute("aria-label", "Add a persona");
    fill(
      people,
      [...shares].map(([name, share]) => {
        const about = personas.find((persona) => persona.name === name);
        const box = input(
          { type: "text", value: share, "aria-label": `Share of ${name}`, size: 6 },
          (value) => {
            shares.set(name, value);
            tell();
          },
        );
        return el(
          "div",
          { class: "person" },
          el(
            "span",
            { class: "person-name" },
            el("b", {}, name),
            el("small", {}, about ? ` ${about.thought} thought. ${about.description}` : ""),
          ),
          box,
          el(
            "button",
            {
              type: "button",
              class: "quiet-button",
              "aria-label": `Remove ${name}`,
              onclick: () => {
                shares.delete(name);
                drawPeople();
                tell();
              },
            },
            "Remove",
          ),
        );
      }),
      free.length > 0 ? add : null,
    );
  };
  drawPeople();

  const collect = () => {
    /** @type {Record<string, any>} */
    const fields = {};
    const order = [
      ...MAIN.slice(0, 4),
      ...MORE.slice(0, 4),
      "situations",
      "population.size",
      ...MORE.slice(4, 6),
      "preference.top",
      "preference.bottom",
      ...LEARNING.slice(0, 4),
      ...MORE.slice(6),
    ];
    for (const path of order) {
      const node = nodeAt(schema, path);
      const text = values.get(path) ?? String(node.default ?? "");
      const value = text === "" ? undefined : numberOr(text, node);
      const same = value === undefined || value === node.default;
      if (same && !(ALWAYS.has(path) && value !== undefined)) continue;
      put(fields, path, value);
    }
    put(
      fields,
      "population.personas",
      Object.fromEntries(
        [...shares].map(([name, share]) => [name, share.trim() === "rest" ? "rest" : asNumber(share)]),
      ),
    );
    if (!(measured.size === 1 && measured.has("mask")))
      put(fields, "evaluation.suites", Object.fromEntries([...measured].map((name) => [name, {}])));
    const fractions = sweep.fractions.split(/[\s,;]+/u).filter((part) => part !== "");
    const seeds = asNumber(sweep.seeds);
    if (fractions.length > 0 || seeds !== nodeAt(schema, "sweep.seeds").default)
      put(fields, "sweep.seeds", seeds);
    if (fractions.length > 0)
      put(fields, "sweep.vary", { "population.personas.biased": fractions.map(asNumber) });
    return fields;
  };

  const element = el(
    "form",
    {
      class: "card scenario-form",
      "aria-label": "Scenario",
      onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
    },
    el("fieldset", {}, el("legend", {}, "The experiment"), MAIN.map(control)),
    el(
      "fieldset",
      {},
      el("legend", {}, "Who the users are"),
      el("p", { class: "help" }, "A fraction from 0 to 1 for each; one may be “rest”."),
      people,
    ),
    el("fieldset", {}, el("legend", {}, "How the assistant learns"), LEARNING.map(control)),
    el(
      "fieldset",
      {},
      el("legend", {}, "What is measured"),
      suites.map((name) => {
        const box = el("input", {
          type: "checkbox",
          checked: measured.has(name),
          onchange: () => {
            if (box.checked) measured.add(name);
            else measured.delete(name);
            tell();
          },
        });
        return el("label", { class: "check" }, box, name);
      }),
    ),
    el(
      "fieldset",
      {},
      el("legend", {}, "A grid of runs"),
      field(
        "Biased fractions",
        input({ type: "text", placeholder: "0, 0.1, 0.5", value: "" }, (value) => {
          sweep.fractions = value;
          tell();
        }),
        "One run for each; empty for a single run.",
      ),
      field(
        "Seeds",
        input({ type: "number", min: 1, step: 1, value: sweep.seeds }, (value) => {
          sweep.seeds = value;
          tell();
        }),
        "Runs of each, with seeds one after another.",
      ),
    ),
    el(
      "details",
      {},
      el("summary", {}, "More settings"),
      el("fieldset", {}, el("legend", { class: "unseen" }, "More settings"), MORE.map(control)),
    ),
  );
  return { element, tell };
}

/** @param {Record<string, unknown>} schema @param {string} path @returns {Schema} */
function nodeAt(schema, path) {
  let node = /** @type {Schema} */ (schema);
  for (const name of path.split(".")) node = node.properties?.[name] ?? {};
  return node;
}

/** @param {Record<string, any>} fields @param {string} path @param {unknown} value */
function put(fields, path, value) {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at = fields;
  for (const name of names) {
    at[name] ??= {};
    at = at[name];
  }
  at[last] = value;
}

/** @param {string} text @param {Schema} node */
function numberOr(text, node) {
  return node.type === "integer" || node.type === "number" ? asNumber(text) : text;
}

/** What is no number stays as it was typed, for the check to complain of. @param {string} text */
function asNumber(text) {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}

/** @param {string} name */
function sentence(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
