import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { expandSweep, loadScenario } from "../../src/scenario/index.js";
import { install } from "../check/installed.js";
import { candor } from "../cli/candor.js";
import { candorIn } from "../cli/in-process.js";
import { isWhole, linesOf, pages, withSets } from "./page.js";

// Every command of ours in the docs is given here, in a folder as a reader has it. Pages that are walked through from file to
// file have a test of their own. What takes long is played on fewer users, probes and seeds, and the command as it stands is
// read and expanded beside that. What needs something that is not here is skipped by name, with what it needs.

/** Pages whose commands hang together, and the test that gives them all. */
const WALKED: Readonly<Record<string, string>> = {
  "docs/tutorial.md": "test/docs/tutorial.test.ts",
  "docs/extend.md": "test/docs/extend.test.ts",
  "docs/logs.md": "test/docs/logs.test.ts",
  "docs/gate.md": "test/docs/gate.test.ts",
};

/** What cannot be played here: why, and the test that plays the same with what it needs. */
const NEEDS: readonly { what: RegExp; needs: string; test?: string }[] = [
  { what: /^up /u, needs: "a graphics card and vLLM", test: "test/up/up.test.ts" },
  {
    what: /scenarios\/real-|--judge hf:/u,
    needs: "a model that knows English",
    test: "test/models/embedded.test.ts",
  },
  { what: /^rater check \S/u, needs: "a rater that reads English", test: "test/cli/rater.test.ts" },
  { what: /--queue /u, needs: "Redis", test: "test/docs/elsewhere.test.ts" },
  { what: /--slurm/u, needs: "Slurm", test: "test/docs/elsewhere.test.ts" },
];

/** What stands for a reader's own thing, and what is put there. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^runs\/<folder>/u, "runs/played"],
  [/^last=minnow:runs\/<folder>/u, "last=minnow:runs/played"],
  [/^runs\/default-0123456789$/u, "runs/kept"],
  [/^some\/folder$/u, "runs"],
  [/^scenarios\/<name>\.yaml$/u, "scenarios/life.yaml"],
  [/^<folder>$/u, "runs/swept"],
  [/^i\/n$/u, "1/2"],
  [/^<labelled\.jsonl>$/u, "probes/minnow/judge.jsonl"],
  [/^<spec>$/u, "rule"],
  [/^<model>$/u, "minnow"],
  [/^<kind>$/u, "persona"],
  [/^<file>$/u, "probes/minnow/mask.jsonl"],
  [/=minnow:DIR$/u, "=minnow:2"],
  [/^hf:<folder>$/u, "hf:smollm2"],
];

const FEW = ["rounds=1", "training.num_train_epochs=1"];

const keyOf = (words: readonly string[]) => words.join(" ");
const needOf = (words: readonly string[]) => NEEDS.find(({ what }) => what.test(keyOf(words)));

const given = new Map<string, { page: string; words: string[] }>();
for (const page of pages)
  if (!(page in WALKED))
    for (const words of linesOf(readFileSync(packageFile(page), "utf8")))
      if (isWhole(words) && (!words.some((word) => word.includes("…")) || needOf(words)))
        given.set(keyOf(words), { page, words });

const commands = [...given.values()].map(({ page, words }) => {
  const text = keyOf(words);
  const need = needOf(words);
  const name = need ? `${text} (${page}; skipped: needs ${need.needs})` : `${text} (${page})`;
  return { name, words, need };
});

/** With their whole names: of an object's the test's title would show the beginning alone, and not what is needed. */
const named = (which: (command: (typeof commands)[number]) => boolean) =>
  commands.filter(which).map((command) => [command.name, command] as const);

function filled(words: readonly string[]): string[] {
  return words.map((word) => PLACES.reduce((text, [what, by]) => text.replace(what, by), word));
}

/** The same with less of what takes long, once it is known that it can be read as it stands. */
function shortened(given: string[]): string[] {
  const words = given.length === 1 && given[0] === "run" ? ["run", "scenario.yaml"] : given;
  const [command, scenario] = words;
  const sets = words.flatMap((word, at) => (words[at - 1] === "--set" ? [word] : []));
  if ((command === "run" || command === "sweep") && scenario?.endsWith(".yaml")) {
    const path = existsSync(join(folder, scenario)) ? join(folder, scenario) : scenario;
    const { scenario: whole } = loadScenario(path, sets);
    const cells = expandSweep(whole);
    expect(cells.length).toBeGreaterThan(0);
    const probes = Object.keys(whole.evaluation.suites).map((suite) => `evaluation.suites.${suite}.probes=2`);
    const seeds = command === "sweep" ? ["sweep.seeds=1"] : [];
    const users = whole.source === "interaction" ? ["population.size=12"] : [];
    const few = [...FEW, ...users, ...probes, ...seeds];
    const { vary, cases = {} } = whole.sweep;
    const ofEach = Object.values(cases).flatMap(Object.keys);
    const isSet = (path: string) =>
      command === "sweep" && (Object.hasOwn(vary, path) || ofEach.includes(path));
    const fields = few.filter((field) => !isSet(field.split("=")[0]!));
    return [...withSets(words, fields), ...(command === "sweep" ? filters(cells) : []), "--quiet"];
  }
  if (command !== "eval") return words;
  const at = words.indexOf("--probes");
  return [...(at < 0 ? words : words.toSpliced(at, 2)), "--probes", "2", "--quiet"];
}

/** All cases of a grid, and of every other axis the ends: those of the shares, the doses and the files between are runs alike. */
function filters(cells: ReturnType<typeof expandSweep>): string[] {
  const axes = Object.keys(cells[0]!.axes).filter((axis) => axis !== "case" && axis !== "seed");
  const valuesOf = (axis: string) => [...new Set(cells.map(({ axes }) => String(axes[axis])))];
  const hasCases = cells.some(({ axes }) => "case" in axes);
  return axes.flatMap((axis) => {
    const [first, ...others] = valuesOf(axis);
    const last = others.at(-1) ?? first;
    return (hasCases ? [last] : [...new Set([first, last])]).flatMap((value) => [
      "--filter",
      `${axis}=${value}`,
    ]);
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-docs-"));
  install(folder);
  cpSync(packageFile("probes/minnow"), join(folder, "probes/minnow"), { recursive: true });
  // In the layout of the checkpoints that a reader has there.
  for (const name of ["smollm2", "qwen05"])
    cpSync(packageFile("models/minnow/1"), join(folder, name), { recursive: true });
  cpSync(packageFile("docs/evidence/by-hand"), join(folder, "docs/evidence/by-hand"), { recursive: true });
  for (const [name, text] of Object.entries({
    "x.yaml":
      "name: x\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\nevaluation: { suites: { mask: { probes: 2 } } }\nsweep: { seeds: 1 }\n",
    "samples_arc_easy_2026-03-01T10-00-00.jsonl": '{"doc_id":1,"acc":1}\n',
    "samples_arc_easy_2026-03-01T11-00-00.jsonl": '{"doc_id":1,"acc":0}\n',
  }))
    writeFileSync(join(folder, name), text);
  const four = ["--set", "rounds=4", "--set", "name=played"];
  for (const args of [
    ["run", "x.yaml", ...four],
    ["sweep", "x.yaml", "--set", "name=swept"],
  ])
    expect(candor([...args, "--quiet"], folder)).toMatchObject({ code: 0 });
  for (const [from, to] of [
    ["played", "played"],
    ["played", "kept"],
    ["swept", "swept"],
  ] as const) {
    const [found] = JSON.parse(candor(["runs", "--json"], folder).stdout).runs.filter(
      (run: { name: string }) => run.name === from,
    );
    cpSync(join(folder, found.folder), join(folder, `runs/${to}`), { recursive: true });
  }
  const [pair] = readFileSync(packageFile("probes/english/rater.jsonl"), "utf8").split("\n");
  writeFileSync(join(folder, "pairs.jsonl"), `${pair}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const begun = new Set<string>();

/** Starts each command once as people do; what else is given of it is given within this process, for a start of Node takes longer. */
async function give(args: string[]) {
  const [command] = args;
  if (begun.has(command!)) return await candorIn(args, folder);
  begun.add(command!);
  return candor(args, folder);
}

/** Starts a server by the command, asks it for something, and stops it as Ctrl-C does. */
async function served(
  args: readonly string[],
  asked: string,
): Promise<{ status: number; code: number | null }> {
  const server = spawn(process.execPath, [packageFile("dist/cli/main.js"), ...args], { cwd: folder });
  let said = "";
  const address = await new Promise<string>((found, failed) => {
    const listen = (text: Buffer) => {
      said += text.toString();
      // All of it, however the text is cut on its way.
      const url = /http:\/\/127\.0\.0\.1:\d+[^\s]*(?=\s)/u.exec(said)?.[0];
      if (url) found(url);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", () => failed(new Error(said)));
  });
  const { status } = await fetch(`${address.replace(/\/$/u, "")}${asked}`);
  const ended = new Promise<number | null>((done) => server.on("exit", done));
  server.kill("SIGINT");
  return { status, code: await ended };
}

describe("the commands of the docs", () => {
  it.each(named(({ need }) => !need))("%s", async (_name, { words }) => {
    const args = filled(words);
    expect(args.filter((word) => /[<>]/u.test(word))).toEqual([]);
    if (args[0] === "view" || args[0] === "serve") {
      const asked = args[0] === "view" ? "/api/catalogue" : "/models";
      expect(await served([...args, "--port", "0"], asked)).toEqual({ status: 200, code: expect.anything() });
      return;
    }
    const sure = args[1] === "delete" ? ["--yes"] : [];
    const { code, stderr } = await give([...shortened(args), ...sure]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  });

  it.skip.each(named(({ need }) => need !== undefined))("%s", () => {});

  it("begin with scenarios that can be read and expanded, also where they are not played", () => {
    for (const { words } of commands.filter(({ need }) => need)) {
      const scenario = words.find((word) => /^scenarios\/[\w-]+\.yaml$/u.test(word));
      const sets = words.flatMap((word, at) => (words[at - 1] === "--set" ? [word] : []));
      if (scenario !== undefined)
        expect(expandSweep(loadScenario(scenario, sets).scenario).length).toBeGreaterThan(0);
    }
  });

  it("are skipped for no reason that is gone, and stand in the test that is named", () => {
    for (const { what, test } of NEEDS) {
      expect([what, commands.some(({ words }) => what.test(keyOf(words)))]).toEqual([what, true]);
      if (test !== undefined) expect([test, existsSync(packageFile(test))]).toEqual([test, true]);
    }
    for (const test of Object.values(WALKED))
      expect([test, existsSync(packageFile(test))]).toEqual([test, true]);
    expect(commands.filter(({ need }) => !need).length).toBeGreaterThan(30);
  });
});
