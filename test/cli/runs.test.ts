import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { honestyOf, honestyWords } from "../../src/cli/results/listed-honesty.js";
import { lockFolder } from "../../src/runs/index.js";
import { changeChecked } from "../fakes/run-folder.js";
import { writeMadeUpSweep } from "../report/folder.js";
import { candorIn } from "./in-process.js";

const SMALL = { fractions: [0, 0.5], seeds: 3, probes: 9 };
const made = mkdtempSync(join(tmpdir(), "candor-runs-made-"));
let root: string;
beforeAll(() => writeMadeUpSweep(made, SMALL));
afterAll(() => rmSync(made, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "candor-runs-"));
  for (const name of ["one", "two"]) cpSync(made, join(root, "runs", name), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const runs = (...args: string[]) => candorIn(["runs", ...args], root);
const listed = async (...args: string[]) =>
  JSON.parse((await runs("list", ...args, "--json")).stdout).runs as {
    folder: string;
    name: string;
    tags: string[];
    note: string | null;
  }[];

it("lists runs and sweeps with what came of them, by themselves and as candor show of their folder", async () => {
  const { code, stdout } = await runs();
  expect(code).toBe(0);
  expect(stdout).toMatch(/│ runs\/one │ made-up │ \d+ of \d+ done │ +4 │ +\d+ │/u);
  expect((await candorIn(["show", "runs"], root)).stdout).toBe(stdout);
  expect(await runs("nowhere")).toMatchObject({ code: 2, stderr: expect.stringContaining("no such folder") });
});

it("says how many runs of a sweep failed or stopped, beside those that are done", async () => {
  const cells = readdirSync(join(root, "runs/one/cells")).map((cell) => join(root, "runs/one/cells", cell));
  const end = (cell: string, status: string) =>
    changeChecked(join(cell, "run.json"), (run: object) => ({ ...run, status }));
  end(cells[0]!, "failed");
  end(cells[1]!, "failed");
  end(cells[2]!, "running");
  rmSync(cells[3]!, { recursive: true });
  expect((await runs()).stdout).toContain("│ 2 of 6 done, 2 failed, 1 stopped │");
});

it("shows no change where nothing was measured after training, and over how many arms a mean goes", () => {
  const run = (name: string, ...honesty: (number | null)[]) => ({
    ...{ honesty, axes: { case: name }, biased: 0.5, method: "sft" },
  });
  const told = (...of: ReturnType<typeof run>[]) => honestyWords(honestyOf(of)!);
  expect(honestyOf([run("a"), run("a", null)])).toBeNull();
  expect(told(run("a", 0.938))).toBe("93.8 %");
  expect(told(run("a", 0.9, null), run("a", 0.8))).toBe("85.0 %");
  expect(told(run("a", 0.9, null, 0.7), run("a", 0.7, 0.7))).toBe("80.0 → 70.0 %");
  // What failed before it was measured again says nothing of a change.
  expect(told(run("a", 0.9, 0.7), run("a", 0.1))).toBe("90.0 → 70.0 %");
  expect(told(run("a", 0.9, 0.7), run("b", 0.9, 0.9))).toBe("90.0 → 80.0 % (mean of 2 arms)");
});

it("says which other folders hold runs too, where none was named", async () => {
  expect((await runs()).stdout).not.toContain("too");
  cpSync(made, join(root, "my cases/three"), { recursive: true });
  mkdirSync(join(root, "docs/one"), { recursive: true });
  expect((await runs()).stdout).toContain("\nmy cases holds runs too: candor runs list 'my cases'\n");
  expect(JSON.parse((await runs("list", "--json")).stdout).elsewhere).toEqual(["my cases"]);
  expect((await runs("list", "my cases")).stdout).not.toContain("too");
  cpSync(made, join(root, "four"), { recursive: true });
  rmSync(join(root, "runs"), { recursive: true });
  expect(await runs()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(". and my cases hold runs too: candor runs list ."),
  });
});

it("keeps names, tags and notes with the run, and finds by tag", async () => {
  expect((await runs("name", "runs/one", "first try")).stdout).toBe("runs/one is called first try\n");
  expect((await runs("tag", "runs/one", "base", "paper", "base")).code).toBe(0);
  expect((await runs("note", "runs/one", "seed 3\ncollapsed")).code).toBe(0);
  expect((await runs("note", "runs/one")).stdout).toBe("seed 3\ncollapsed\n");
  expect(await listed("--tag", "paper")).toMatchObject([
    { folder: "runs/one", name: "first try", tags: ["base", "paper"], note: "seed 3\ncollapsed" },
  ]);
  await runs("tag", "runs/one", "paper", "--remove");
  await runs("name", "runs/one");
  await runs("note", "runs/one", "");
  expect((await listed()).find(({ folder }) => folder === "runs/one")).toMatchObject({
    name: "made-up",
    tags: ["base"],
    note: null,
  });
  expect((await runs("tag", "runs/one", "paper", "--remove")).stdout).toBe(
    "runs/one had no tag paper; it has the tags base\n",
  );
  expect((await runs("list", "--tag", "bsae")).stdout).toContain(
    'runs holds no runs with the tag bsae; did you mean "base"? (known: base)',
  );
  await runs("name", "runs/one", "first try");
  expect((await runs("name", "runs/one", "")).stdout).toBe("runs/one has no name any more\n");
  // What was computed is as it was.
  expect((await candorIn(["show", "runs/one"], root)).code).toBe(0);
  expect(await runs("tag", "runs", "x")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("neither a run nor a sweep"),
  });
  expect((await runs("name", "runs/one", "x".repeat(300))).code).toBe(2);
});

it.each([
  [
    ["runs", "nmae", "runs/one", "x"],
    'nmae: neither a folder nor a command of candor runs; did you mean "name"?',
  ],
  [["runs", "lst"], 'lst: neither a folder nor a command of candor runs; did you mean "list"?'],
  [["runs", "name", "one", "x"], "one: neither a run nor a sweep; did you mean runs/one?"],
  [["show", "runs/onne"], "runs/onne: neither a run nor a sweep; did you mean runs/one?"],
  [["report", "runs"], "runs: neither a run nor a sweep; it holds some; name one, such as runs/one"],
  [
    ["runs", "note", "elsewhere"],
    "elsewhere: neither a run nor a sweep; name a folder with run.json or sweep.json",
  ],
])("says of %j what may have been meant", async (args, words) => {
  expect(await candorIn(args, root)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});

it("leaves archived ones out of lists until they are wanted", async () => {
  await runs("archive", "runs/one");
  expect((await listed()).map(({ folder }) => folder)).toEqual(["runs/two"]);
  expect((await runs()).stdout).toContain("1 archived; --all lists them too");
  expect(await listed("--all")).toHaveLength(2);
  await runs("archive", "runs/one", "--undo");
  expect(await listed()).toHaveLength(2);
});

it("deletes what is meant and nothing else", async () => {
  const refused = async (words: string, ...args: string[]) =>
    expect(await runs("delete", ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  await refused("add --yes", "runs/one");
  const [cell] = readdirSync(join(root, "runs/one/cells"));
  await refused("belongs to the sweep", `runs/one/cells/${cell}`, "--yes");
  await refused("neither a run nor a sweep", "runs", "--yes");
  symlinkSync(join(root, "runs/two"), join(root, "runs/link"));
  await refused("is a symbolic link", "runs/link", "--yes");
  await refused("is a symbolic link", "runs/link/", "--yes");
  expect(await runs("name", "runs/link", "x")).toMatchObject({ code: 2 });
  for (const held of ["runs/two", `runs/two/cells/${readdirSync(join(root, "runs/two/cells"))[0]}`]) {
    const unlock = await lockFolder(join(root, held));
    await refused("is being worked on", "runs/two", "--yes");
    await unlock();
  }
  // One that cannot go keeps all that were named with it.
  writeFileSync(join(root, "runs/two/thesis.tex"), "dear");
  await refused("also holds what candor did not make: thesis.tex", "runs/one", "runs/two", "--yes");
  expect(readdirSync(join(root, "runs")).sort()).toEqual(["link", "one", "two"]);
  rmSync(join(root, "runs/two/thesis.tex"));
  const { code, stdout } = await runs("delete", "runs/two", "--yes", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    deleted: [{ folder: "runs/two", files: expect.any(Number), bytes: expect.any(Number) }],
  });
  expect(readdirSync(join(root, "runs")).sort()).toEqual(["link", "one"]);
});

it("deletes all that a run and a report leave, and nothing outside that a link leads to", async () => {
  writeFileSync(join(root, "outside.txt"), "dear");
  mkdirSync(join(root, "runs/two/export"));
  symlinkSync(join(root, "outside.txt"), join(root, "runs/two/export/link.txt"));
  expect((await candorIn(["report", "runs/two"], root)).code).toBe(0);
  expect((await candorIn(["export", "runs/two", "--format", "csv"], root)).code).toBe(0);
  await runs("tag", "runs/two", "old");
  expect(await runs("delete", "runs/two", "--yes")).toMatchObject({
    code: 0,
    stdout: "runs/two is deleted\n",
  });
  expect(readdirSync(root).sort()).toEqual(["outside.txt", "runs"]);
});

it("finishes a deletion that was broken off, and tells of it until then", async () => {
  renameSync(join(root, "runs/one"), join(root, "runs/.deleted-one-4711"));
  mkdirSync(join(root, "runs/.deleted-one"));
  expect((await runs()).stdout).toContain(
    "half deleted: runs/one; candor runs delete runs/one finishes that",
  );
  expect(JSON.parse((await runs("list", "--json")).stdout).half_deleted).toEqual(["runs/one"]);
  expect(await runs("delete", "runs/one", "--yes")).toMatchObject({
    code: 0,
    stdout: "runs/one is deleted\n",
  });
  expect(readdirSync(join(root, "runs")).sort()).toEqual([".deleted-one", "two"]);
  // What an earlier try left goes with a later run of the same name.
  mkdirSync(join(root, "runs/.deleted-two-5/rounds"), { recursive: true });
  expect((await runs("delete", "runs/two", "--yes")).code).toBe(0);
  expect(readdirSync(join(root, "runs"))).toEqual([".deleted-one"]);
  expect((await runs("delete", "runs/two", "--yes")).code).toBe(2);
});

it("tells size, age and, where wanted, what came of each", async () => {
  expect((await runs()).stdout).toMatch(/│ +[\d.]+ MB │ +\d+ min │/u);
  const [one] = (await listed("--headlines")) as unknown as {
    bytes: number;
    headline: { verdict: string };
  }[];
  expect([one!.bytes > 1000, one!.headline.verdict]).toEqual([true, "drop"]);
  expect((await runs("runs/one", "--headlines")).stdout).toMatch(/^runs\/one: After 4 rounds/mu);
});

it("lists a folder that is itself a sweep, and goes on where labels are damaged", async () => {
  await runs("name", "runs/one", "first");
  expect(JSON.parse((await runs("list", "runs/one", "--json")).stdout).runs).toMatchObject([
    { folder: "runs/one", name: "first" },
  ]);
  writeFileSync(join(root, "runs/one/labels.json"), "{}");
  expect((await listed()).find(({ folder }) => folder === "runs/one")).toMatchObject({ name: "made-up" });
  expect(await runs("tag", "runs/one", "x")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("labels.json is damaged"),
  });
});
