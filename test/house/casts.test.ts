import { expect, it } from "vitest";
import { sources } from "./imports.js";

// What comes from a disk, a server, a queue, a module or the environment is looked at by a schema. A cast says of a value what
// nobody has looked at, so each that says anything is in a file, or a folder, that tells why it is known.

const CAST =
  /\bas (?!const\b)(?=[A-Z({[]|z\.|(?:number|string|boolean|object|readonly|keyof|typeof|this|unknown|undefined|null)\b)/gu;

/** Casts that claim nothing of a value that was not looked at. */
const CLAIM_NOTHING: readonly [why: string, pattern: RegExp][] = [
  ["nothing is said of its fields", /^(?:Readonly<|Partial<)?Record<(?:string|number| \| )+, unknown>/u],
  ["nothing is said of what it holds", /^(?:unknown\[\]|object\b|unknown\b)/u],
  ["every field of it is unknown", /^\{(?: \w+\??: (?:unknown|object|\{ (?:\w+\??: unknown;? )+\});?)+ \}/u],
  ["what is thrown here is an error", /^(?:Error|NodeJS\.ErrnoException)\b/u],
  ["a schema of its own kind", /^(?:Partial<)?z\.(?:ZodType(?!<[A-Z])|core)/u],
];

/** Casts of the keys of an object that is written down in the code. */
const OWN_KEYS = /\bObject\.keys\([A-Z_]+\) as /u;

/** Where a cast says more, and why it is known all the same. */
const KNOWN: Readonly<Record<string, string>> = {
  "cli/": "options and tables that the command line declares itself",
  "decide/": "a pair of bounds made in the line before",
  "drift/": "lists of a fixed length made in the same expression",
  "engine/files/config.ts": "its model_type was found among the families just before",
  "engine/files/safetensors-header.ts": "its dtype was found among the types just before",
  "engine/generate/": "tensors of a graph that was built here",
  "engine/graph/": "tensors of a graph that was built here",
  "engine/llama/": "shapes of a graph that was built here",
  "engine/ops/": "shapes of a graph that was built here",
  "engine/train/": "tensors of a graph that was built here, rows of the method that was asked for",
  "engine/tokenizer/bounded.ts": "gives back what the function that it bounds gives",
  "engine/tokenizer/bytes.ts": "every entry was looked at in the same line",
  "engine/tokenizer/jinja/": "parts of the library's own syntax tree, whose classes it does not export",
  "evaluation/capability/rows.ts": "parts of a row that its schema has read",
  "evaluation/closed/ask.ts": "every entry was looked at in the same line",
  "evaluation/files/probes.ts": "a CSV's cells are texts; what the schema gave, once it found no fault",
  "evaluation/files/table.ts":
    "what csv-parse gives where it is asked for each record with its line: texts by column",
  "evaluation/mask/": "lists of a fixed length made in the same expression; probes of the suite's own",
  "evaluation/rubric/suite.ts": "a row that its schema has read",
  "export/formats.ts": "keys of objects that are written down there",
  "export/parquet.ts": "a cell of a column whose type was looked at",
  "interaction/check-rater.ts": "made in the same line",
  "methods/": "asked for among the methods' names",
  "minnow/": "words of the content",
  "models/adapters/command.ts": "a server of our own that listens on a port",
  "models/limits/failure.ts": "fields that are looked at one by one before they are used",
  "models/limits/model.ts": "options that go on as they came",
  "models/limits/usage-log.ts": "own counters",
  "models/module/file.ts": "asked for its functions, each looked at before it is called",
  "models/openai/client.ts": "the types of the class that it extends",
  "models/openai/fetch.ts": "Node's stream as the web's",
  "models/openai/scorer.ts": "none is open any more",
  "models/providers/registry.ts": "fields that the provider itself declares",
  "models/structured.ts": "what the schema gave, once it found no fault",
  "population/draw.ts": "arrivals are given where the population is not filled, by the schema",
  "preference/data/read-row.ts": "parts of a row that its schema has read",
  "preference/data/source.ts": "rows of the method that was asked for",
  "preference/defences/module.ts": "asked for its functions, each looked at before it is called",
  "preference/export/python-yaml.ts": "a node of the kind that the tag names",
  "preference/kind-of-rows.ts": "rows of the method that was asked for",
  "preference/logs/":
    "a CSV's cells are texts; keys of objects that are written down there; fields that are all unknown",
  "preference/stages/": "settings that the stage's own schema has read",
  "report/": "specifications of figures that are made here, and tables of their columns",
  "resources/": "gives back what the loader that was asked for gave",
  "runs/manifest.ts": "a schema under the type that it is for: it reads every field of it",
  "runs/round-folder.ts": "a schema under the type of the stage that wrote the lines",
  "runs/round.ts": "a schema that lets more stand there than its type has",
  "runs/schema.ts": "schemas that let more stand there than their types have",
  "runs/sweep-folder.ts": "a schema under the type that it is for: it reads every field of it",
  "runs/disk/hash.ts": "pieces of Node's streams",
  "runs/disk/json-cache.ts": "what was kept under the same schema",
  "runs/disk/json.ts": "what the file's schema gave, once it found no fault",
  "runs/disk/problem.ts": "what the line's schema gave, once it found no fault",
  "runs/lines/read.ts": "pieces of Node's streams",
  "runs/lines/skim.ts": "what the line's schema gave, once it found no fault",
  "runs/lines/store.ts": "an index that was kept under the same schema",
  "scenario/condition.ts": "groups of the expression that just matched",
  "scenario/":
    "a part of a scenario that its piece of the schema has just read, or fields that are all unknown",
  "serve/pool.ts": "answers of a process of our own, which another user cannot speak for",
  "serve/requests.ts": "what the request's schema has read, by the type of its first entry",
  "serve/server.ts": "Node's own server",
  "simulation/": "made in the same expression",
  "situation/template.ts": "nodes of the library's syntax tree, every field unknown",
  "training/": "rows of the method that was asked for",
  "viewer/app/": "elements of the page itself, and answers of the server that sent the page",
  "viewer/":
    "items that the reader of the run folder has looked at; Node's own servers; tasks of our own thread",
  "yaml/": "what the schema gave, once it found no fault; the library's own nodes and issues",
  "check/": "asked for its functions, each looked at before it is called; what the library makes of a schema",
  "population/": "made in the same expression",
};

/** The program without comments and texts; what stands in a template's places is kept. */
function bare(text: string): string {
  const comments = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gmu, "");
  const texts = comments.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/gu, '""');
  const templates = texts
    .replace(/<\n\s*/gu, "<")
    .replace(/`(?:\\.|[^`\\])*`/gu, (found) =>
      [...found.matchAll(/\$\{([^}]*)\}/gu)].map(([, inside]) => inside).join("; "),
    );
  return templates.replace(/^(?:import|export)\b[^;]*?(?:from\s*"")?;/gmu, (found) =>
    /\bfrom\s*""/u.test(found) ? "" : found,
  );
}

/** Casts that claim something, each with its line. */
function claims(text: string): string[] {
  return bare(text)
    .split("\n")
    .flatMap((line) =>
      [...line.matchAll(CAST)]
        .map((found) => line.slice(found.index + found[0].length))
        .filter((type) => !CLAIM_NOTHING.some(([, pattern]) => pattern.test(type)))
        .filter(() => !OWN_KEYS.test(line))
        .map(() => line.trim()),
    );
}

const known = (path: string): string | undefined =>
  Object.keys(KNOWN).find((place) => path.startsWith(place));

it("casts nothing that it has not looked at, or says how it is known", () => {
  const found = sources().filter(({ path, text }) => known(path) === undefined && claims(text).length > 0);
  expect(found.flatMap(({ path, text }) => claims(text).map((line) => `${path}: ${line}`))).toEqual([]);
  const isThere = (place: string): boolean =>
    sources().some(({ path, text }) => path.startsWith(place) && claims(text).length > 0);
  expect(Object.keys(KNOWN).filter((place) => !isThere(place))).toEqual([]);
});

/** Ways in which the value of a text in JSON comes in: unknown, straight into a schema, or only tried. */
const TAKEN =
  /(?:: unknown = |\w*[Ss]chema\)?\.(?:safeParse|parse)\(|\breturn )JSON\.parse\(|^\s*JSON\.parse\([^)]*\);|JSON\.parse\(JSON\.stringify\(|value = JSON\.parse\(|check\(JSON\.parse\(/u;

it("takes what JSON says as unknown", () => {
  const lines = sources().flatMap(({ path, text }) =>
    bare(text)
      .split("\n")
      .filter((line) => line.includes("JSON.parse(") && !TAKEN.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
  // Functions that return it, and variables that hold it, say so.
  for (const { path, text } of sources()) {
    if (/\breturn JSON\.parse\(/u.test(bare(text)))
      expect([path, /\): (?:unknown|Promise<unknown>)|\bunknown =>|as unknown/u.test(text)]).toEqual([
        path,
        true,
      ]);
    if (/^\s*value = JSON\.parse\(/mu.test(bare(text)))
      expect([path, /let value: unknown;/u.test(text)]).toEqual([path, true]);
  }
});

it.each([
  ["const run = JSON.parse(text) as RunManifest;", 1],
  ["const { pid } = (await readJson(path)) as { pid: number };", 1],
  ["const rows = parse(text) as unknown as Row[];", 1],
  ["const fields = value as Record<string, unknown>;", 0],
  ["const { id } = value as { id?: unknown };", 0],
  ['const text = "as Row";\n// as Row\nconst list = ["a"] as const;', 0],
  ["for (const name of Object.keys(USUAL) as Column[]) {}", 0],
  ["throw new Error(`${(error as Error).message} as Row`);", 0],
])("would see in %j so many: %d", (text, count) => {
  expect(claims(text)).toHaveLength(count);
});
