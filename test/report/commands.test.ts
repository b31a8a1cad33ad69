import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { runCommandLine } from "../../src/cli/program.js";
import { writeMadeUpSweep } from "./folder.js";

const folder = mkdtempSync(join(tmpdir(), "candor-commands-"));
const context = { signal: new AbortController().signal };

beforeAll(() => {
  writeMadeUpSweep(folder, { fractions: [0, 1], rounds: 1, seeds: 2, probes: 10 });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listen(stream: "stdout" | "stderr"): () => string {
  const spy = vi.spyOn(process[stream], "write").mockReturnValue(true);
  return () => spy.mock.calls.map(([text]) => String(text)).join("");
}

it("candor report names the files it wrote", async () => {
  const said = listen("stdout");
  const out = join(folder, "out");
  expect(await runCommandLine(["report", folder, "--out", out, "--json"], context)).toBe(0);
  const { report, figures } = JSON.parse(said()) as { report: string; figures: string[] };
  for (const path of [report, ...figures]) expect(existsSync(path)).toBe(true);
});

it("candor show prints curves and a table, without colours when nobody watches", async () => {
  const said = listen("stdout");
  expect(await runCommandLine(["show", folder], context)).toBe(0);
  expect(said()).toContain("Honesty (mask), made-up, sft");
  expect(said()).toContain("■ 100 % biased");
  expect(said()).toMatch(/│ 100 % *│ +[\d.]+ \[[\d.]+, [\d.]+\]/u);
  expect(said()).not.toContain("\u001b");
});

it("candor show and candor report set a sweep's cases side by side", async () => {
  const cases = join(folder, "cases-sweep");
  mkdirSync(cases);
  writeMadeUpSweep(cases, { fractions: [0.5], rounds: 1, seeds: 2, probes: 10, cases: ["none", "strict"] });
  const said = listen("stdout");
  expect(await runCommandLine(["show", cases], context)).toBe(0);
  expect(said().match(/Honesty \(mask\)/gu)).toHaveLength(1);
  expect(said()).toContain("● none   ■ strict");
  expect(said()).toMatch(/│ strict +│ +50 % │ .*│ +0 \[/u);
  expect(await runCommandLine(["report", cases], context)).toBe(0);
  const page = readFileSync(join(cases, "report.html"), "utf8");
  expect(page).toContain(
    "each case is set beside “none” at the same share of biased users. In the one comparison",
  );
  expect(page).toContain("share of rated conversations kept back");
  for (const name of ["effect", "satisfied"])
    for (const drawing of ["", "-narrow"])
      expect(existsSync(join(cases, `figures/${name}${drawing}.svg`))).toBe(true);
});

it("candor report finds out before it draws whether --out can be written", async () => {
  const said = listen("stderr");
  writeFileSync(join(folder, "file"), "");
  expect(await runCommandLine(["report", folder, "--out", join(folder, "file/x")], context)).toBe(2);
  expect(said()).toContain("file/x cannot be written: a file stands where a folder belongs");
});

it.each(["report", "show"])(
  "candor %s says what is wrong with a folder that holds no run",
  async (command) => {
    const said = listen("stderr");
    // Not the folder of temporary files: other tests have runs there, and show lists those.
    const empty = mkdtempSync(join(tmpdir(), "candor-empty-"));
    expect(await runCommandLine([command, empty], context)).toBe(2);
    rmSync(empty, { recursive: true });
    expect(said()).toMatch(
      /^candor: .*: neither a run nor a sweep; name a folder with run\.json or sweep\.json/u,
    );
  },
);
