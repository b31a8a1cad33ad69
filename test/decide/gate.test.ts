import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareSources, evaluateRules, junitOf, markdownOf, sarifOf } from "../../src/decide/index.js";
import { type Outcome, readOutcome, readSource } from "../../src/report/index.js";
import { parseCondition, scenarioHash, scenarioSchema } from "../../src/scenario/index.js";
import { candor } from "../cli/candor.js";
import { writeMadeUpSweep } from "../report/folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-gate-"));
const folder = join(root, "sweep");
let cells: string[];
let outcome: Outcome;
beforeAll(async () => {
  cells = writeMadeUpSweep(folder);
  outcome = await readOutcome(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

const found = (kind: "fail_if" | "fail_unless", text: string) =>
  evaluateRules([{ kind, condition: parseCondition(text)! }], outcome, ({ biased }) => `${100 * biased} %`);

describe("rules", () => {
  it("go by the whole interval with a confidence, and by the estimate without", () => {
    const worst = found("fail_if", "honesty.drop > 0 at 95 %").reduce((a, b) => (b.value > a.value ? b : a));
    expect(worst.failed).toBe(worst.low > 0);
    const { value, low, high, cell } = worst;
    const at = (kind: "fail_if" | "fail_unless", text: string) =>
      found(kind, text).find((one) => one.cell === cell)!;
    const between = (low + value) / 2;
    expect(low).toBeLessThan(value);
    expect(at("fail_if", `honesty.drop > ${between}`).failed).toBe(true);
    expect(at("fail_if", `honesty.drop > ${between} at 95 %`).failed).toBe(false);
    expect(at("fail_unless", `honesty.drop < ${(value + high) / 2}`).failed).toBe(false);
    expect(at("fail_unless", `honesty.drop < ${(value + high) / 2} at 95 %`).failed).toBe(true);
    expect(at("fail_unless", `honesty.drop < ${high + 0.1} at 95 %`).failed).toBe(false);
    // More confidence, wider intervals.
    const wide = at("fail_if", "honesty.drop > 0 at 99 %");
    expect([wide.value, wide.low < low, wide.high > high]).toEqual([value, true, true]);
  });

  it("count a drop down, a rise and a change up, and a value as it is", () => {
    const [drop, rise, change, value] = ["drop", "rise", "change", "value"].map(
      (quantity) => found("fail_if", `honesty.${quantity} > 1000`).at(-1)!,
    );
    expect(rise!.value).toBeCloseTo(-drop!.value, 9);
    expect(rise!.low).toBeCloseTo(-drop!.high, 9);
    expect(change!.value).toBe(rise!.value);
    expect(value!.value).toBeGreaterThan(1);
    expect(value!.low).toBeLessThan(value!.value);
  });

  it("say what was measured where a metric was not", () => {
    expect(() => found("fail_if", "honety.drop > 1")).toThrow('did you mean "honesty"?');
  });

  it("never pass where nothing was seen", () => {
    const { source, analysis } = outcome;
    const { scenario, axes, method, biased } = analysis.pooled.at(-1)!;
    const broken = [
      {
        scenario,
        axes,
        method,
        biased,
        suite: "mask",
        round: 4,
        beliefs: null,
        unanswered: { before: 0, after: 1 },
      },
    ] as never;
    const rules = [{ kind: "fail_if" as const, condition: parseCondition("honesty.drop > 99 at 95 %")! }];
    const findings = evaluateRules(rules, { source, analysis: { ...analysis, broken } }, () => "");
    expect(findings.filter(({ failed }) => failed)).toMatchObject([
      { unknown: expect.stringContaining("broke") },
    ]);
    const floor = [{ suite: "mask", subset: "all", pressed: null, neutral: null, able: false }];
    const blind = evaluateRules(rules, { source, analysis: { ...analysis, floor } }, () => "");
    expect(blind.every(({ failed }) => failed)).toBe(true);
  });

  it("change no run", () => {
    const scenario = scenarioSchema.parse({ name: "x", gate: { fail_if: ["honesty.drop > 2"] } });
    expect(scenarioHash(scenario)).toBe(scenarioHash(scenarioSchema.parse({ name: "x" })));
    expect(() => scenarioSchema.parse({ name: "x", gate: { fail_if: ["no"] } })).toThrow("expected <metric>");
  });
});

describe("files", () => {
  it("are XML, JSON and a table whatever stands in names", () => {
    const findings = found("fail_if", "honesty.drop > -1000").map((one) => ({
      ...one,
      cell: 'a<b>&"c|\u0001',
    }));
    const junit = junitOf(findings, "x");
    expect(junit.match(/<failure /gu)).toHaveLength(findings.length);
    expect(junit).toContain("a&lt;b&gt;&amp;&quot;c|");
    expect(junit).not.toContain("\u0001");
    const sarif = JSON.parse(sarifOf(findings, { file: "runs/x y", version: "1" }));
    expect(sarif.runs[0].results).toHaveLength(findings.length);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("runs/x%20y");
    const table = markdownOf(findings, { name: "x", sentence: "s" })
      .split("\n")
      .filter((line) => line.startsWith("| ❌"));
    expect(table).toHaveLength(findings.length);
    for (const line of table) expect(line.match(/(?<!\\)\|/gu)).toHaveLength(5);
  });
});

describe("the command", () => {
  it("exits with 3 where a limit is passed, 0 where none is, 2 where nothing can be asked", () => {
    const run = (...args: string[]) => candor(["check-drift", ...args], root);
    expect(run("sweep", "--fail-if", "honesty.drop > 1000").code).toBe(0);
    const closed = run(
      "sweep",
      "--fail-if",
      "honesty.drop > -1000",
      "--only",
      "population.personas.biased=0.5",
    );
    expect([closed.code, closed.stderr]).toEqual([3, ""]);
    expect(closed.stdout).toContain("FAILED  fail if honesty.drop > -1000");
    expect(run("sweep")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing to hold it against"),
    });
    expect(run("sweep", "--fail-if", "honest")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected <metric>"),
    });
    expect(run("sweep", "--fail-if", "honesty.drop > 1", "--only", "case=x").stderr).toContain(
      "population.personas.biased=0.5",
    );
    expect(run("none", "--fail-if", "honesty.drop > 1").code).toBe(2);
  });
});

describe("compare", () => {
  it("sets two runs side by side: what differs first, numbers paired by probe", async () => {
    const [first, second] = await Promise.all([readSource(cells[0]!), readSource(cells.at(-1)!)]);
    const { settings, rows, round } = compareSources(first, second);
    expect(settings.map(({ field }) => field)).toContain("population.personas.biased");
    expect(round).toBe(4);
    const honesty = rows.find(({ metric }) => metric === "honesty")!;
    expect(honesty.difference!.value).toBeCloseTo(honesty.second.value - honesty.first.value, 9);
    const same = compareSources(first, first);
    expect(same.settings).toEqual([]);
    expect(same.rows.every(({ difference }) => difference?.value === 0)).toBe(true);
  });

  it("sets two sweeps side by side cell by cell", async () => {
    const source = await readSource(folder);
    const { rows } = compareSources(source, source);
    expect(new Set(rows.map(({ cell }) => cell)).size).toBeGreaterThan(2);
    expect(rows.every(({ difference }) => difference?.value === 0)).toBe(true);
  });
});
