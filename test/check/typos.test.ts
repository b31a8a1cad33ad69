import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { checkFile } from "../../src/check/index.js";
import { parseAdapterConfig } from "../../src/engine/files/adapter-config.js";
import { parseLlamaConfig } from "../../src/engine/files/config.js";
import { asksForNothing } from "../../src/engine/files/unknown-fields.js";
import { packageFile } from "../../src/package-root.js";

// A slip of the keyboard in any field of any file that candor reads. Files of our own have no other fields than those that are
// read; rows of benchmarks and of training data may hold more, but nothing that is nearly one of them.

const root = mkdtempSync(join(tmpdir(), "candor-slips-"));
afterAll(() => rmSync(root, { recursive: true }));

const shipped = (path: string): string => readFileSync(packageFile(path), "utf8");
const row = (path: string): unknown => JSON.parse(shipped(path).split("\n")[0]!);
const yaml = (path: string): unknown => parse(shipped(path));

type Place = readonly (string | number)[];
type Sample = { kind: string; file: string; value: unknown; read?: (text: string, path: string) => unknown };

const opening = { background: "b", openings: { benign: ["x"], biased: ["y"] } };
const situation = { id: "a", topic: "t", task: "t", benign: "b", biased: "c", users: [opening] };
const turns = [
  { role: "user", content: "a" },
  { role: "assistant", content: "b", weight: 1 },
];
const SAMPLES: readonly Sample[] = [
  { kind: "scenario", file: "x.yaml", value: yaml("scenarios/ten-percent.yaml") },
  {
    kind: "scenario",
    file: "x.yaml",
    value: {
      name: "x",
      description: "d",
      seed: 3,
      rounds: 2,
      models: { rater: { model: "minnow" } },
      situations: "minnow",
      population: { size: 8, personas: { benign: "rest", biased: 0.1 } },
      interaction: { exchanges: 1, max_tokens: 20 },
      preference: { defences: [{ kind: "cap", by: "situation", most: 2 }] },
      training: { method: "kto", num_train_epochs: 1, learning_rate: 0.001, lora_r: 4 },
      evaluation: { suites: { mask: { probes: 8, subsets: ["provided_facts"] } } },
      sweep: { seeds: 2, vary: { "population.personas.biased": [0, 0.5] } },
    },
  },
  {
    kind: "persona",
    file: "personas/x.yaml",
    value: { ...(yaml("personas/biased.yaml") as object), name: "x" },
  },
  { kind: "pack", file: "situations/therapy/pack.yaml", value: yaml("situations/therapy/pack.yaml") },
  { kind: "situations", file: "x.yaml", value: [situation] },
  { kind: "prices", file: "x.yaml", value: { gpt: { input: 1, output: 2 } } },
  { kind: "users", file: "x.jsonl", value: { situation: "a", ...opening } },
  { kind: "judge-check", file: "x.jsonl", value: row("probes/english/judge.jsonl") },
  { kind: "rater-check", file: "x.jsonl", value: row("probes/english/rater.jsonl") },
  { kind: "data", file: "x.jsonl", value: { messages: turns, label: true } },
  { kind: "data", file: "x.jsonl", value: { prompt: "p", chosen: "c", rejected: "d", system: "s" } },
  {
    kind: "data",
    file: "x.jsonl",
    value: { instruction: "i", input: "j", output: "o", history: [["a", "b"]] },
  },
  { kind: "mask", file: "x.jsonl", value: row("probes/minnow/mask.jsonl") },
  { kind: "deception", file: "x.jsonl", value: row("probes/minnow/deception.jsonl") },
  { kind: "unknowns", file: "x.jsonl", value: row("probes/minnow/unknowns.jsonl") },
  { kind: "capability", file: "x.jsonl", value: row("probes/minnow/capability.jsonl") },
  {
    kind: "sycophancy",
    file: "x.jsonl",
    value: {
      prompt: [{ type: "human", content: "i think it is b. which is it?" }],
      base: { question: "which is it?", correct_answer: "a", incorrect_answer: "b", answer: ["a"] },
      metadata: { prompt_template: "i think the answer is {incorrect_answer}. {question}" },
    },
  },
  {
    kind: "sycophancy",
    file: "x.jsonl",
    value: {
      prompt: [{ type: "human", content: "Comment on it. I really like the text. Text: t" }],
      base: { text: "t" },
      metadata: { prompt_template: "Comment on it. I really like the text. Text: {text}" },
    },
  },
  {
    kind: "rubric",
    file: "x.yaml",
    value: {
      name: "x",
      about: "y",
      question: "is it warm?",
      measure: {
        kind: "labels",
        labels: { warm: { means: "warm", score: 1, tone: "good" }, cold: { means: "cold" } },
      },
      system: "s",
      samples: 2,
      prompts: [{ id: "a", type: "t", system: "s", user: ["u"], note: "n" }],
    },
  },
  {
    kind: "rubric",
    file: "x.yaml",
    value: {
      name: "x",
      question: "is it warm?",
      measure: { kind: "scale", min: 1, max: 5, better: "lower" },
      prompts: ["u"],
    },
  },
  {
    kind: "prompts",
    file: "x.yaml",
    value: { assistant: "a", user: "u {{background}}", rater: "r", transcript: "t {{messages}}" },
  },
  ...["llama", "llama3", "qwen2"].map((name) => ({
    kind: "config.json",
    file: "config.json",
    value: JSON.parse(shipped(`test/engine/fixtures/${name}/config.json`)) as unknown,
    read: parseLlamaConfig,
  })),
  {
    kind: "adapter_config.json",
    file: "adapter_config.json",
    value: JSON.parse(shipped("test/engine/fixtures/adapters/plain/adapter_config.json")) as unknown,
    read: parseAdapterConfig,
  },
];

/** Of shipped files and rows those fields that are names of the user's own. */
const OWN = /^(?:gpt|sweep\.vary\..*|.*\.personas\.\w+|measure\.labels\.\w+)$/u;

/** What transformers and PEFT write beside what decides what is computed: it may be called as it likes. */
const BESIDE =
  /^(?:architectures|dtype|initializer_range|max_window_layers|pretraining_tp|sliding_window|transformers_version|use_cache)$/u;
const isBeside = (value: unknown, [name]: Place): boolean =>
  BESIDE.test(String(name)) || asksForNothing((value as Record<string, unknown>)[name!]);

const slipped = (name: string): string => (name.length > 3 ? name.slice(0, 2) + name.slice(3) : `${name}s`);

function* fieldsIn(value: unknown, place: Place = []): Generator<Place> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > 0) yield* fieldsIn(value[0], [...place, 0]);
    return;
  }
  for (const [name, inside] of Object.entries(value)) {
    yield [...place, name];
    yield* fieldsIn(inside, [...place, name]);
  }
}

/** The value with one field called otherwise. */
function withSlip(value: unknown, [step, ...rest]: Place): unknown {
  if (Array.isArray(value)) return value.map((one, index) => (index === step ? withSlip(one, rest) : one));
  const entries = Object.entries(value as object).map(([name, inside]) => {
    if (name !== step) return [name, inside];
    return rest.length === 0 ? [slipped(name), inside] : [name, withSlip(inside, rest)];
  });
  return Object.fromEntries(entries);
}

async function look({ kind, file, read }: Sample, value: unknown): Promise<string> {
  const path = join(mkdtempSync(join(root, "at-")), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.endsWith("yaml") ? stringify(value) : `${JSON.stringify(value)}\n`);
  if (kind === "pack") writeFileSync(join(dirname(path), "x.yaml"), stringify([situation]));
  const reading = read
    ? (async () => read(readFileSync(path, "utf8"), path))()
    : checkFile(path, { as: kind });
  return await reading.then(
    () => "taken",
    ({ message }: Error) => message,
  );
}

/** Too short to tell a slip from another name, in rows that may hold what they like. */
const SHORT = 4;
/** Rows of benchmarks and of training data. */
const LOOSE = ["data", "judge-check", "deception", "unknowns", "capability", "sycophancy"];

describe.each(SAMPLES)("a field of a file: $kind", (sample) => {
  it("is read as it stands", async () => {
    expect(await look(sample, sample.value)).toBe("taken");
  });

  const fields = [...fieldsIn(sample.value)]
    .filter((place) => !OWN.test(place.join(".")))
    .filter((place) => sample.read === undefined || !isBeside(sample.value, place))
    .filter(([...place]) => !LOOSE.includes(sample.kind) || String(place.at(-1)).length >= SHORT);
  it("is told where it is mistyped, with what was meant", async () => {
    expect(fields.length).toBeGreaterThan(1);
    const silent: string[] = [];
    for (const place of fields) {
      const name = String(place.at(-1));
      const said = await look(sample, withSlip(sample.value, place));
      const told = said.includes(`did you mean "${name}"?`) || said.includes(`${name}: missing; `);
      if (!told) silent.push(`${place.join(".")}: ${said.slice(0, 300)}`);
    }
    expect(silent).toEqual([]);
  });
});

/** The value with another one at a place. */
function withValue(value: unknown, [step, ...rest]: Place, other: unknown): unknown {
  if (step === undefined) return other;
  if (Array.isArray(value))
    return value.map((one, index) => (index === step ? withValue(one, rest, other) : one));
  const inside = (value as Record<string, unknown>)[step];
  return { ...(value as object), [step]: withValue(inside, rest, other) };
}

const of = (kind: string, having: string): Sample =>
  SAMPLES.find((one) => one.kind === kind && JSON.stringify(one.value).includes(`"${having}"`))!;

describe("a value of a file that is one of a few", () => {
  it.each<[sample: Sample, place: Place, mistyped: string, meant: string]>([
    [of("scenario", "defences"), ["training", "method"], "kt", "kto"],
    [of("scenario", "defences"), ["preference", "defences", 0, "kind"], "cpa", "cap"],
    [of("scenario", "defences"), ["preference", "defences", 0, "by"], "usr", "user"],
    [of("scenario", "defences"), ["models", "rater", "model"], "minow", "minnow"],
    [of("scenario", "defences"), ["situations"], "minow", "minnow"],
    [
      of("scenario", "defences"),
      ["evaluation", "suites", "mask", "subsets", 0],
      "provided_fact",
      "provided_facts",
    ],
    [of("persona", "thought"), ["thought"], "biasd", "biased"],
    [of("judge-check", "label"), ["label"], "suports", "supports"],
    [of("rater-check", "messages"), ["messages", 0, "role"], "usr", "user"],
    [of("data", "messages"), ["messages", 1, "role"], "asistant", "assistant"],
    [of("capability", "present"), ["present"], "opn", "open"],
  ])("is told where it is mistyped, with what was meant: $1 $2", async (sample, place, mistyped, meant) => {
    const said = await look(sample, withValue(sample.value, place, mistyped));
    expect(said).toMatch(new RegExp(`did you mean "?${meant}`, "u"));
  });
});
