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

/**
 * Where a cast says more, and why it is known all the same. Folders are named only where nothing from outside comes in: graphs
 * that are built here, parts of the library's syntax tree, figures.
 */
const KNOWN: Readonly<Record<string, string>> = {
  "bounded.ts": "gives back what the function that it bounds gives",
  "check/module-kinds.ts": "asked for its functions, each looked at before it is called",
  "check/reference.ts": "what the library makes of a schema",
  "cli/doctor/checks.ts": "the library's own module",
  "engine/generate/": "tensors of a graph that was built here",
  "engine/graph/": "tensors of a graph that was built here",
  "engine/llama/": "shapes of a graph that was built here",
  "engine/ops/": "shapes of a graph that was built here",
  "engine/tokenizer/jinja/": "parts of the library's own syntax tree, whose classes it does not export",
  "engine/train/": "tensors of a graph that was built here, rows of the method that was asked for",
  "export/formats.ts": "keys of objects that are written down there",
  "models/limits/model.ts": "options that go on as they came",
  "models/limits/usage-log.ts": "own counters",
  "models/module/file.ts": "asked for its functions, each looked at before it is called",
  "models/openai/client.ts": "the types of the class that it extends",
  "models/openai/fetch.ts": "Node's stream as the web's",
  "models/providers/registry.ts": "fields that the provider itself declares",
  "preference/data/source.ts": "rows of the method that was asked for",
  "preference/export/python-yaml.ts": "a node of the kind that the tag names",
  "preference/kind-of-rows.ts": "rows of the method that was asked for",
  "preference/logs/parquet.ts": "the memory of a buffer of Node's",
  "preference/stages/index.ts": "a stage asked for by its name",
  "report/cases.ts": "fields of an object, by a list of its keys",
  "report/figures/": "specifications of figures that are made here",
  "resources/load.ts": "gives back what the loader that was asked for gave",
  "runs/disk/hash.ts": "pieces of Node's streams",
  "runs/disk/json-cache.ts": "what was kept under the same schema",
  "runs/disk/json.ts": "what the file's schema gave, once it found no fault",
  "runs/disk/problem.ts": "what the line's schema gave, once it found no fault",
  "runs/lines/read.ts": "pieces of Node's streams",
  "runs/lines/store.ts": "an index that was kept under the same schema",
  "scenario/defence-schema.ts": "the schemas of a list that is written down, in its order",
  "scenario/family.ts": "gives back a name as it was given",
  "scenario/fields.ts": "a copy of what was given",
  "scenario/suite-schema.ts": "the name of an entry decides which schema reads it, which types cannot say",
  "serve/pool.ts": "answers of a process of our own, which another user cannot speak for",
  "serve/server.ts": "Node's own server",
  "training/embedded/adapter.ts": "rows of the method that was asked for",
  "viewer/app/app.tsx": "what the library's hook gives",
  "viewer/app/parts/filter.tsx": "a field for each name, made in the same expression",
  "viewer/app/state/api.ts": "the page's own stream",
  "viewer/app/views/conversations/filters.tsx": "words that no filter knows are the server's to refuse",
  "viewer/work/index.ts": "the answer of our own thread to a task of that name",
  "viewer/work/worker.ts": "a task of that name, whose input our own program sent",
  "yaml/check.ts": "what the schema gave, once it found no fault",
  "yaml/compose.ts": "the library's own nodes",
  "yaml/explain.ts": "the library's own issues",
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

it("names files where something from outside may come in, not folders", () => {
  const folders = Object.keys(KNOWN).filter((place) => place.endsWith("/"));
  expect(folders.filter((place) => !/^(?:engine|report\/figures)\//u.test(place))).toEqual([]);
});

/** A cast of what a reader or a schema has just given: the schema says what it is. */
const AFTER_A_PARSE =
  /\b(?:parse|safeParse|parsed?\w*|checked\w*|read(?:Checked|Json\w*)|JSON\.parse)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\)?(?:\.data)?\s+as\s+(?!const\b|object\b|unknown;)/gu;
/** A schema that is said to be another type's; `satisfies` has the compiler look. */
const SCHEMA_CAST = /\bas unknown as (?:z\.)?ZodType</gu;

/** Where one stands all the same, and why. */
const STAY: Record<string, string> = {
  "yaml/check.ts": "checkedPart types what it gives by the same path by which it finds the schema",
  "scenario/suite-schema.ts": "the name of an entry decides which schema reads it, which types cannot say",
};

it.each([
  [
    "what was parsed",
    AFTER_A_PARSE,
    "const a = checkedPart(schema, value, [f(x)]) as\n  | A\n  | undefined;",
  ],
  ["what was parsed", AFTER_A_PARSE, "const rows = (parse(text, { a: b(c) })) as unknown as Row[];"],
  ["what was parsed", AFTER_A_PARSE, "const run = JSON.parse(text) as Run;"],
  ["a schema", SCHEMA_CAST, "const s = z.object({}) as unknown as z.ZodType<Row>;"],
])("casts not %s", (_what, pattern, example) => {
  expect(example.match(pattern)).toHaveLength(1);
  const found = sources().filter(({ text }) => bare(text).match(pattern) !== null);
  expect(found.map(({ path }) => path).filter((path) => !(path in STAY))).toEqual([]);
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
