import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockFolder } from "../../src/runs/index.js";
import { writeMadeUpSweep } from "../report/folder.js";
import { candor } from "./candor.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "candor-runs-"));
  writeMadeUpSweep(join(root, "runs/one"));
  writeMadeUpSweep(join(root, "runs/two"));
});
afterEach(() => rmSync(root, { recursive: true }));

const runs = (...args: string[]) => candor(["runs", ...args], root);
const listed = (...args: string[]) =>
  JSON.parse(runs("list", ...args, "--json").stdout).runs as {
    folder: string;
    name: string;
    tags: string[];
    note: string | null;
  }[];

it("lists runs and sweeps with what came of them, by themselves and as candor show of their folder", () => {
  const { code, stdout } = runs();
  expect(code).toBe(0);
  expect(stdout).toMatch(/│ runs\/one │ made-up │ \d+ of \d+ done │ +4 │ +\d+ │/u);
  expect(candor(["show", "runs"], root).stdout).toBe(stdout);
  expect(runs("nowhere")).toMatchObject({ code: 2, stderr: expect.stringContaining("no such folder") });
});

it("keeps names, tags and notes with the run, and finds by tag", () => {
  expect(runs("name", "runs/one", "first try").stdout).toBe("runs/one is called first try\n");
  expect(runs("tag", "runs/one", "base", "paper", "base").code).toBe(0);
  expect(runs("note", "runs/one", "seed 3\ncollapsed").code).toBe(0);
  expect(runs("note", "runs/one").stdout).toBe("seed 3\ncollapsed\n");
  expect(listed("--tag", "paper")).toMatchObject([
    { folder: "runs/one", name: "first try", tags: ["base", "paper"], note: "seed 3\ncollapsed" },
  ]);
  runs("tag", "runs/one", "paper", "--remove");
  runs("name", "runs/one");
  runs("note", "runs/one", "");
  expect(listed().find(({ folder }) => folder === "runs/one")).toMatchObject({
    name: "made-up",
    tags: ["base"],
    note: null,
  });
  // What was computed is as it was.
  expect(candor(["show", "runs/one"], root).code).toBe(0);
  expect(runs("tag", "runs", "x")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("neither a run nor a sweep"),
  });
  expect(runs("name", "runs/one", "x".repeat(300)).code).toBe(2);
});

it("leaves archived ones out of lists until they are wanted", () => {
  runs("archive", "runs/one");
  expect(listed().map(({ folder }) => folder)).toEqual(["runs/two"]);
  expect(runs().stdout).toContain("1 archived; --all lists them too");
  expect(listed("--all")).toHaveLength(2);
  runs("archive", "runs/one", "--undo");
  expect(listed()).toHaveLength(2);
});

it("deletes what is meant and nothing else", async () => {
  expect(runs("delete", "runs/one")).toMatchObject({ code: 2, stderr: expect.stringContaining("add --yes") });
  expect(existsSync(join(root, "runs/one"))).toBe(true);
  const [cell] = readdirSync(join(root, "runs/one/cells"));
  expect(runs("delete", `runs/one/cells/${cell}`, "--yes")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("belongs to the sweep"),
  });
  expect(runs("delete", "runs", "--yes").code).toBe(2);
  symlinkSync(join(root, "runs/two"), join(root, "runs/link"));
  expect(runs("delete", "runs/link", "--yes")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is a link"),
  });
  const unlock = await lockFolder(join(root, "runs/two"));
  expect(runs("delete", "runs/two", "--yes")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is being worked on"),
  });
  await unlock();
  expect(runs("delete", "runs/two", "--yes").stdout).toBe("runs/two is deleted\n");
  expect(readdirSync(join(root, "runs")).sort()).toEqual(["link", "one"]);
});
