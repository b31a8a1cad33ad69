import { readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { stringify } from "yaml";
import { called, ownPath } from "../called.js";
import { packageFile } from "../package-root.js";
import { shellWord } from "../shell-word.js";

/** A file to start from: a commented one of `scaffolds/`, under a name of the user's. */
export type Scaffold = {
  /** Of the option, and of the file in `scaffolds/`. */
  kind: string;
  /** For help. */
  what: string;
  /** Where one goes that is only named, and what its name ends with. */
  folder: string;
  ending: string;
  /** Its name where the user gives none. */
  name: string;
  /** What looks whether it is right. */
  check: (path: string) => string;
  /** A second file, beside it: in which folder, and what its name ends with. */
  beside?: { folder: string; ending: string };
};

const code = (path: string): string => `candor check ${path} --allow-modules`;

export const scaffolds: readonly Scaffold[] = [
  {
    kind: "persona",
    what: "a kind of user",
    folder: "personas",
    ending: ".yaml",
    name: "my-persona",
    check: (path) => `candor check ${path}`,
  },
  {
    kind: "pack",
    what: "a situation pack, a folder",
    folder: "situations",
    ending: "",
    name: "my-pack",
    check: (path) => `candor check ${path}`,
  },
  {
    kind: "probes",
    what: "probes of the suite mask",
    folder: "probes",
    ending: ".yaml",
    name: "my-probes",
    check: (path) => `candor check ${path} --as mask`,
  },
  {
    kind: "logs",
    what: "a scenario for feedback of your own, with a small sample of it",
    folder: "",
    ending: ".yaml",
    name: "my-logs",
    check: (path) => `candor check ${path}`,
    beside: { folder: "logs", ending: ".csv" },
  },
  { kind: "suite", what: "an honesty test", folder: "suites", ending: ".mjs", name: "my-suite", check: code },
  {
    kind: "stage",
    what: "a stage between ratings and training",
    folder: "stages",
    ending: ".mjs",
    name: "my-stage",
    check: code,
  },
  {
    kind: "provider",
    what: "a provider of chat models",
    folder: "providers",
    ending: ".mjs",
    name: "my-model",
    check: code,
  },
  {
    kind: "trainer",
    what: "a program that trains",
    folder: "trainers",
    ending: ".mjs",
    name: "my-trainer",
    check: (path) => `candor check ${path} --as trainer --allow-modules`,
  },
];

type Filled = { file: string; text: string };

/** What a scaffold is written as, the file that says how to use it first. `given` is a path, or a name alone that goes into the usual folder. */
export function fillScaffold(
  { kind, folder, ending, name, beside }: Scaffold,
  given: string | undefined,
): { files: [Filled, ...Filled[]]; shown: string } {
  const bare = given === undefined || (basename(given) === given && !hasEnding(given));
  const path = bare ? join(folder, `${given ?? name}${ending}`) : withEnding(given, ending);
  const forward = path.replaceAll("\\", "/");
  const source = packageFile(`scaffolds/${kind}`);
  const text = readFileSync(`${source}${ending === "" ? ".yaml" : ending}`, "utf8")
    .replaceAll(/SHIPPED\(([^)]+)\)/gu, (_, shipped: string) => ownPath(shipped))
    .replaceAll(/\bcandor (?=(?:check|data|eval|run|sweep) )/gu, `${called()} `)
    .replaceAll("ITSELF", () => yamlWord(stemOf(path)))
    .replaceAll("NAME", fileName(path))
    .replaceAll(/(candor [a-z ]+)FILE\b/gu, (_, command: string) => `${command}${shellWord(forward)}`)
    .replaceAll("FILE", () => forward);
  const file = ending === "" ? join(path, "pack.yaml") : path;
  const second = beside && {
    file: join(dirname(path), beside.folder, `${fileName(path)}${beside.ending}`),
    text: readFileSync(`${source}${beside.ending}`, "utf8"),
  };
  return { files: [{ file, text }, ...(second ? [second] : [])], shown: path };
}

const ENDING = /\.(?:ya?ml|m?js)$/iu;
const hasEnding = (file: string): boolean => extname(file) !== "";
const withEnding = (file: string, ending: string): string => (hasEnding(file) ? file : `${file}${ending}`);

/** A file's name without its ending. Personas and packs are called exactly so. */
const stemOf = (file: string): string => basename(file).replace(ENDING, "");

/** A name as it stands in YAML, also as a key within braces. */
function yamlWord(name: string): string {
  const plain = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._-]*$/u.test(name) && stringify(name).trim() === name;
  return plain ? name : JSON.stringify(name);
}

/** What scenarios, suites and stages may be called at most. */
const MOST_LETTERS = 100;

/** A file's name without its ending, as scenarios, suites and stages may be called: `zoé's study.yaml` is `zoe-s-study`. */
function fileName(file: string): string {
  const plain = stemOf(file)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9._-]+/giu, "-")
    .replace(/^[^a-z0-9]+/iu, "")
    .slice(0, MOST_LETTERS)
    .replace(/-+$/u, "");
  return plain || "scenario";
}

/** The shipped default scenario, with a head and a name for a file. */
export function starterScenario(file: string): string {
  const head = [
    "# yaml-language-server: $schema=scenario.schema.json",
    "# With that line and `candor schema > scenario.schema.json`, editors complete and check this file.",
    `# All runs of the grid: candor sweep ${shellWord(file)}. A single one, with the values below: candor run ${shellWord(file)}.`,
    "#",
  ];
  const text = readFileSync(packageFile("scenarios/default.yaml"), "utf8");
  // The default's own head ends at the first comment line that is empty.
  const body = text.slice(text.indexOf("\n#\n") + 3);
  const name = stringify(fileName(file)).trim();
  return `${head.join("\n")}\n${body.replace(/^name: .*$/m, () => `name: ${name}`)}`;
}
