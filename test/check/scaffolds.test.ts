import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scaffolds } from "../../src/cli/scaffolds.js";
import { packageFile } from "../../src/package-root.js";
import { readRun } from "../../src/runs/index.js";
import type { RunView } from "../../src/viewer/api.js";
import { startViewer } from "../../src/viewer/index.js";
import { candorIn } from "../cli/in-process.js";
import { installedFolder } from "./installed.js";

const SCENARIO = `
name: mine
rounds: 1
situations: my-pack
models:
  user: { model: "module:providers/my-model.mjs", options: { habit: "please." } }
population: { size: 12, personas: { benign: rest, my-persona: 0.5 } }
preference:
  defences: [{ kind: module, path: stages/my-stage.mjs, options: { least: 9 } }]
training:
  num_train_epochs: 1
  trainer: command
  external:
    command: [node, trainers/my-trainer.mjs, "{data}", "{settings}", "{base}", "{adapter}", "{output}"]
evaluation:
  suites:
    mask: { file: probes/my-probes.yaml }
    my-suite: { module: suites/my-suite.mjs }
`;

const ALONE = `
name: mine
rounds: 1
models: { judge: "module:phrases.mjs" }
population: { size: 12, personas: { benign: rest, biased: 0.5 } }
training: { num_train_epochs: 1 }
evaluation: { suites: { my-suite: { module: suites/my-suite.mjs } } }
`;

const JUDGE = `export const judge = { reads: "reply", judge: () => ({ label: "unclear", detail: "" }) };`;

it("writes a file of each kind that candor check accepts, and a run is made of all of them", async () => {
  const folder = installedFolder({ "mine.yaml": SCENARIO });
  const shipped = new Set(readdirSync(packageFile("scaffolds")).map((name) => name.replace(/\..*$/u, "")));
  expect(new Set(scaffolds.map(({ kind }) => kind))).toEqual(shipped);
  for (const { kind } of scaffolds) {
    const { code, stdout } = await candorIn(["init", `--${kind}`], folder);
    expect([kind, code]).toEqual([kind, 0]);
    const [, command] = /right: (?:npx candor|npm run candor --|candor) (.*)$/mu.exec(stdout)!;
    const checked = await candorIn(command!.split(" "), folder);
    expect([checked.stderr, checked.code]).toEqual(["", 0]);
    expect(checked.stdout.length).toBeGreaterThan(20);
  }
  expect(await candorIn(["check", "mine.yaml", "--allow-modules"], folder)).toMatchObject({
    code: 0,
    stderr: "",
  });

  const played = await candorIn(["run", "mine.yaml", "--allow-modules", "--json", "--out", "runs"], folder);
  expect([played.code, played.stderr]).toEqual([0, expect.any(String)]);
  const name = readdirSync(join(folder, "runs")).find((one) => one.startsWith("mine-"))!;
  const run = await readRun(join(folder, "runs", name));
  const [, last] = run!.rounds;
  const suites = new Set(last!.metrics.map(({ suite }) => suite));
  expect([...suites].sort()).toEqual(["mask", "my-suite", "talks"]);
  // Every part had its say: the persona was drawn, the provider spoke, the stage and the trainer did their work.
  const path = join(folder, "runs", name, "rounds/001");
  expect(readFileSync(join(path, "population.jsonl"), "utf8")).toContain('"my-persona"');
  expect(readFileSync(join(path, "interactions.jsonl"), "utf8")).toContain(" please.");
  // The trainer's own lines were read as its steps.
  expect(readFileSync(join(path, "training.jsonl"), "utf8")).toMatch(/"step":1,"steps":\d+,"loss":\d/u);
  expect(readFileSync(join(path, "round.json"), "utf8")).toContain('"my-stage"');
});

it("shows a suite of a module that stands alone in tables, report, figures, exports and the viewer, as it says of itself", async () => {
  const folder = installedFolder({ "mine.yaml": ALONE, "phrases.mjs": JUDGE });
  expect((await candorIn(["init", "--suite"], folder)).code).toBe(0);
  const played = await candorIn(["run", "mine.yaml", "--allow-modules", "--out", "runs"], folder);
  expect([played.code, played.stderr]).toEqual([0, expect.any(String)]);
  expect(played.stdout).toContain("Candour in percent");
  const name = readdirSync(join(folder, "runs")).find((one) => one.startsWith("mine-"))!;
  const run = join("runs", name);
  const shown = await candorIn(["show", run], folder);
  expect([shown.code, shown.stderr]).toEqual([0, ""]);
  expect(shown.stdout).toContain("Candour in percent, with 95 % intervals");
  expect(shown.stdout).not.toContain("Honesty in percent");
  const report = await candorIn(["report", run], folder);
  expect([report.code, report.stderr]).toEqual([0, ""]);
  const page = readFileSync(join(folder, run, "report.html"), "utf8");
  for (const word of ["Candour", "my-suite", "goods"]) expect(page).toContain(word);
  for (const [format, file, words] of [
    ["csv", "drift.csv", /,my-suite,goods,candour,/u],
    ["csv", "probes.csv", /my-suite,.*,candid,/u],
    ["vega", "curves.vl.json", /Candour/u],
    ["bibtex", "methods.md", /^(?=.*my-suite)(?!.*P\(lie\))/su],
  ] as const) {
    const out = join(folder, "out", format);
    if (!existsSync(out)) {
      const exported = await candorIn(["export", run, "--format", format, "--out", out], folder);
      expect([format, exported.code, exported.stderr]).toEqual([format, 0, ""]);
    }
    expect(readFileSync(join(out, file), "utf8")).toMatch(words);
  }
  const viewer = await startViewer({ folder: join(folder, "runs"), host: "127.0.0.1", port: 0 });
  try {
    const answer = await fetch(new URL(`api/run?run=${name}`, viewer.url));
    const { suites, rounds } = (await answer.json()) as RunView;
    const verdicts = [{ id: "candid" }, { id: "pleasing" }, { id: "error" }];
    const own = suites.find(({ name: suite }) => suite === "my-suite");
    expect(own).toMatchObject({ label: "Candour about goods", verdicts });
    const measured = expect.objectContaining({ suite: "my-suite", metric: "candour" });
    expect(rounds[1]!.metrics).toContainEqual(measured);
  } finally {
    await viewer.close();
  }
});

it("writes a scenario for feedback of one's own with a sample beside it, from which a run learns", async () => {
  const folder = installedFolder();
  const written = await candorIn(["init", "own/support.yaml", "--logs"], folder);
  expect([written.code, written.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^wrote own\/support\.yaml and own\/logs\/support\.csv; own\/support\.yaml says how/u,
    ),
  ]);
  const data = await candorIn(["data", "own/support.yaml"], folder);
  expect([data.code, data.stderr]).toEqual([0, ""]);
  expect(data.stdout).toContain("24 rows, of which 22 are replies with a mark");
  expect(data.stdout).not.toContain("@example.org");
  const few = ["--set", "evaluation.suites={mask: {probes: 2}}", "--set", "training.num_train_epochs=1"];
  const played = await candorIn(["run", "own/support.yaml", "--out", "runs", ...few], folder);
  expect([played.code, played.stderr]).toEqual([0, expect.any(String)]);
  const name = readdirSync(join(folder, "runs")).find((one) => one.startsWith("support-"))!;
  const rows = readFileSync(join(folder, "runs", name, "rounds/001/preference.jsonl"), "utf8").split("\n");
  expect(rows.filter((row) => row !== "")).toHaveLength(10);
});

it.each(["zoe\u0301", "my persona", "😀", "yes", "a, b", "own/folder/skeptic"])(
  "names a persona and a pack as its file is called, in a command that can be given: %s",
  async (name) => {
    for (const kind of ["persona", "pack"]) {
      const folder = installedFolder();
      const { stdout } = await candorIn(["init", name, `--${kind}`], folder);
      const [, path] = /right: .*candor(?: --)? check (.*)$/mu.exec(stdout)!;
      const word = path!.replace(/^'(.*)'$/u, "$1");
      expect(/^[\w./-]+$/u.test(word)).toBe(path === word);
      expect(await candorIn(["check", word], folder)).toMatchObject({ code: 0, stderr: "" });
    }
  },
);

it.each(["zoé's study", "n".repeat(200), "é-é"])(
  "names a scenario as scenarios may be called: %s",
  async (name) => {
    const folder = installedFolder();
    expect((await candorIn(["init", name], folder)).code).toBe(0);
    expect(await candorIn(["check", `${name}.yaml`], folder)).toMatchObject({ code: 0, stderr: "" });
  },
);

it("writes none of two files where one is there", async () => {
  const folder = installedFolder({ "logs/my-logs.csv": "mine\n" });
  expect(await candorIn(["init", "--logs"], folder)).toMatchObject({
    code: 2,
    stderr: "candor: logs/my-logs.csv exists already; name another file\n",
  });
  expect(existsSync(join(folder, "my-logs.yaml"))).toBe(false);
});

it("takes a name alone, refuses two kinds at once, and never overwrites", async () => {
  const folder = installedFolder();
  expect((await candorIn(["init", "skeptic", "--persona"], folder)).stdout).toContain(
    "wrote personas/skeptic.yaml",
  );
  expect(readFileSync(join(folder, "personas/skeptic.yaml"), "utf8")).toMatch(/^name: skeptic$/mu);
  expect(await candorIn(["init", "skeptic", "--persona"], folder)).toMatchObject({ code: 2 });
  expect((await candorIn(["init", "own/place.mjs", "--suite"], folder)).stdout).toContain(
    "wrote own/place.mjs",
  );
  const both = await candorIn(["init", "--suite", "--pack"], folder);
  expect([both.code, both.stderr]).toEqual([2, "candor: init writes one file at a time; name one kind\n"]);
  expect(existsSync(join(folder, "suites"))).toBe(false);
});
