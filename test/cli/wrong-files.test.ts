import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.js";
import { packageFile } from "../../src/package-root.js";
import { candorHere } from "./in-process.js";
import { WRONG_FILES, type Wrong, wrongFolders } from "./wrong-files.js";

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-wrong-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** Every place of every command that takes a file or folder. `@` stands for it. */
const PLACES: readonly (readonly [args: string, wrongs: readonly Wrong[]])[] = [
  ["run @.yaml", WRONG_FILES],
  ["sweep @.yaml", WRONG_FILES],
  ["population preview @.yaml", WRONG_FILES],
  ["judge check @.jsonl --judge rule", WRONG_FILES],
  ["rater check @.jsonl --rater minnow --situations minnow", WRONG_FILES],
  ["eval minnow --suite mask --file @.csv", WRONG_FILES],
  ["eval minnow --suite deception --file @.jsonl", WRONG_FILES],
  ["eval minnow --suite unknowns --file @.json", WRONG_FILES],
  ["eval minnow --suite rubric --file @.yaml", WRONG_FILES],
  ["up @.yaml --gpus none", WRONG_FILES],
  ["check @.yaml", WRONG_FILES],
  ["check @.jsonl", WRONG_FILES],
  ["check @.yaml --as scenario", WRONG_FILES],
  ["users generate @ --model minnow", wrongFolders("pack.yaml")],
  ["show @", wrongFolders("run.json")],
  ["show @", wrongFolders("sweep.json")],
  ["report @", wrongFolders("run.json")],
  ["report @", wrongFolders("sweep.json")],
  ["check-drift @ --fail-if honesty.drop>2", wrongFolders("run.json")],
  ["import . @.json --round 0", WRONG_FILES],
  ["compare @ @", wrongFolders("run.json")],
  ["compare @ @", wrongFolders("sweep.json")],
  ["runs name @ x", wrongFolders("run.json")],
  ["runs tag @ x", wrongFolders("sweep.json")],
  ["runs note @ x", wrongFolders("run.json")],
  ["runs archive @", wrongFolders("run.json")],
  ["runs delete @", wrongFolders("run.json")],
  ["export @", wrongFolders("run.json")],
  ["export @", wrongFolders("sweep.json")],
  ["export @ --format parquet", wrongFolders("run.json")],
  ["data @", wrongFolders("run.json")],
  ["cells @", wrongFolders("sweep.json")],
  ["chat @", wrongFolders("adapter_config.json")],
  ["chat hf:@", wrongFolders("config.json")],
  ["chat minnow:@", wrongFolders("config.json")],
  ["eval hf:@", wrongFolders("config.json")],
  ["eval minnow --judge hf:@", wrongFolders("config.json")],
  ["serve hf:@ --port 0", wrongFolders("config.json")],
];

/** Commands that read no file. `view` shows folders that are damaged, `init` writes one. */
const NONE = ["doctor", "help", "init", "schema", "view", "worker"];

describe.each(PLACES)("candor %s", (line, wrongs) => {
  it.each(wrongs)("with $name there: exit code 2, what and where, and nothing written", async ({ put }) => {
    const args = line.split(" ");
    const name = args.map((arg) => /@.*/u.exec(arg)?.[0]).find(Boolean)!;
    put(join(folder, name.replace("@", "thing")));
    const before = listing(folder);
    const { code, stdout, stderr } = await candorHere(args.map((arg) => arg.replace("@", "thing")));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("thing");
    const lines = stderr.split("\n").slice(0, -1);
    expect(lines.length).toBeLessThanOrEqual(25);
    for (const one of lines) expect(one).toMatch(/^candor: \S/u);
    // Neither a stack, nor the words of a library or of the system, nor a value that is not there.
    expect(stderr).not.toMatch(
      /not expected|\n\s+at |Invalid input|undefined|SyntaxError|JSON at position|is not valid JSON|\b(?:ENOENT|EISDIR|ENOTDIR|EEXIST)\b/u,
    );
    expect(listing(folder)).toEqual(before);
  });
});

it("has every command in the table", async () => {
  const { stdout } = await candorHere(["--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+)(?: .*)?$/gmu)].map((match) => match[1]!);
  expect(names.length).toBeGreaterThanOrEqual(commands.length);
  const tested = PLACES.map(([line]) => line.split(" ")[0]!);
  expect(names.filter((name) => !tested.includes(name)).sort()).toEqual(NONE);
});

describe("a byte order mark before", () => {
  it.each([
    ["scenarios/ten-percent.yaml", "population preview @.yaml --json"],
    ["probes/minnow/judge.jsonl", "judge check @.jsonl --judge rule --json"],
  ])("%s changes nothing", async (path, line) => {
    const name = (there: string) => line.replace("@", there).split(" ");
    const end = /@(\.\w+)/u.exec(line)![1]!;
    copyFileSync(packageFile(path), `plain${end}`);
    writeFileSync(`marked${end}`, `\ufeff${readFileSync(packageFile(path), "utf8")}`);
    const [plain, marked] = [await candorHere(name("plain")), await candorHere(name("marked"))];
    expect(plain.code).toBe(0);
    expect({ ...marked, stdout: marked.stdout.replaceAll("marked", "plain") }).toEqual(plain);
  });
});

const listing = (at: string): string[] => readdirSync(at, { recursive: true }).map(String).sort();
