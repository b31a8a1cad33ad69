import type { FormFacts } from "../../../api.js";

/** What of a scenario's JSON Schema the form reads. */
export type Schema = {
  description?: string;
  default?: unknown;
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
};

/** What is written in the form, as it is typed. */
export type Form = {
  /** Fields by their dotted path; those that are not there are at their default. */
  values: Readonly<Record<string, string>>;
  /** Shares by persona, in their order. */
  shares: readonly (readonly [persona: string, share: string])[];
  /** Names of suites. */
  measured: readonly string[];
  sweep: { fractions: string; seeds: string };
};

export const MAIN = ["name", "description", "seed", "rounds", "situations", "population.size"];
export const LEARNING = [
  "training.method",
  "training.start_from",
  "training.learning_rate",
  "training.num_train_epochs",
  "preference.top",
  "preference.bottom",
];
export const MORE = [
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

/** The order in which fields stand in the YAML. */
const ORDER = [
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

/** The form before anybody has written in it. */
export function emptyForm({ schema }: FormFacts): Form {
  return {
    values: { name: "my-study" },
    shares: [
      ["benign", "rest"],
      ["biased", "0.1"],
    ],
    measured: ["mask"],
    sweep: { seeds: String(nodeAt(schema, "sweep.seeds").default ?? 1), fractions: "" },
  };
}

/** A field of the schema by its dotted path; an empty one where there is none. */
export function nodeAt(schema: FormFacts["schema"], path: string): Schema {
  let node: unknown = schema;
  for (const name of path.split(".")) node = fieldsIn(fieldsIn(node).properties)[name];
  return schemaOf(node);
}

/** What is of the form that a schema's parts have; what is of another says nothing. */
function schemaOf(node: unknown): Schema {
  const { description, type, minimum, maximum, enum: words, default: usual } = fieldsIn(node);
  return {
    ...(usual === undefined ? {} : { default: usual }),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof type === "string" ? { type } : {}),
    ...(typeof minimum === "number" ? { minimum } : {}),
    ...(typeof maximum === "number" ? { maximum } : {}),
    ...(Array.isArray(words) ? { enum: words.map(String) } : {}),
  };
}

const fieldsIn = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** What a field shows. */
export function shown({ values }: Form, path: string, node: Schema): string {
  return values[path] ?? String(node.default ?? "");
}

/** The scenario that the form describes, without what is at its default. */
export function fieldsOf(form: Form, schema: FormFacts["schema"]): Record<string, unknown> {
  const fields: Fields = {};
  for (const path of ORDER) {
    const node = nodeAt(schema, path);
    const text = shown(form, path, node);
    const value = text === "" ? undefined : numeric(node) ? asNumber(text) : text;
    const same = value === undefined || value === node.default;
    if (!same || (ALWAYS.has(path) && value !== undefined)) put(fields, path, value);
  }
  const shares = form.shares.map(([name, share]) => [
    name,
    share.trim() === "rest" ? "rest" : asNumber(share),
  ]);
  put(fields, "population.personas", Object.fromEntries(shares));
  if (form.measured.join() !== "mask")
    put(fields, "evaluation.suites", Object.fromEntries(form.measured.map((name) => [name, {}])));
  putSweep(fields, form, nodeAt(schema, "sweep.seeds").default);
  return fields;
}

/** Whether a field is a number. */
export function numeric({ type }: Schema): boolean {
  return type === "integer" || type === "number";
}

type Fields = { [name: string]: unknown };

function putSweep(fields: Fields, { sweep }: Form, usual: unknown): void {
  const fractions = sweep.fractions.split(/[\s,;]+/u).filter((part) => part !== "");
  const seeds = asNumber(sweep.seeds);
  if (fractions.length > 0 || seeds !== usual) put(fields, "sweep.seeds", seeds);
  if (fractions.length > 0)
    put(fields, "sweep.vary", { "population.personas.biased": fractions.map(asNumber) });
}

function put(fields: Fields, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop()!;
  let at = fields;
  for (const name of names) {
    const inner = fieldsIn(at[name]);
    at[name] = inner;
    at = inner;
  }
  at[last] = value;
}

/** What is no number stays as it was typed, for the check to complain of. */
function asNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
