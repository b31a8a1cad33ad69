import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comparisonTables } from "../../src/cli/results/compare.js";
import {
  compareSources,
  evaluateRules,
  type Finding,
  junitOf,
  markdownOf,
  type Rule,
  sarifOf,
} from "../../src/decide/index.js";
import { againstMargin, type CellId, contrasts, rangesAbout, toBase } from "../../src/drift/index.js";
import { type Outcome, readOutcome, readSource } from "../../src/report/index.js";
import { runPaths } from "../../src/runs/index.js";
import { parseCondition, scenarioHash, scenarioSchema } from "../../src/scenario/index.js";
import { candorIn } from "../cli/in-process.js";
import { changeChecked } from "../fakes/run-folder.js";
import { writeMadeUpSweep } from "../report/folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-gate-"));
const folder = join(root, "sweep");
let cells: string[];
let outcome: Outcome;
beforeAll(async () => {
  cells = writeMadeUpSweep(folder, { fractions: [0, 0.05, 0.5, 1], rounds: 2 });
  outcome = await readOutcome(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

const LOOSE = { name: ({ biased }: { biased: number }) => `${100 * biased} %` };
const rule = (kind: Rule["kind"], text: string): Rule => ({ kind, condition: parseCondition(text)! });
const found = (kind: Rule["kind"], text: string, more: object = {}, of: Outcome = outcome): Finding[] =>
  evaluateRules([rule(kind, text)], of, { ...LOOSE, ...more });
const only = (kind: Rule["kind"], text: string, more: object = {}, of: Outcome = outcome) => {
  const [one, ...others] = found(kind, text, more, of);
  expect(others).toEqual([]);
  return one!;
};
/** The made-up sweep with so many of so many times the probes in error; the others stay as they are. */
function withErrors(share: number, times = 1): Outcome {
  const pooled = outcome.analysis.pooled.map((row) =>
    row.metric === "error" ? { ...row, value: share, n: times * row.n } : row,
  );
  return { ...outcome, analysis: { ...outcome.analysis, pooled } };
}

describe("a rule", () => {
  it("speaks of the headline's comparison with the headline's numbers", () => {
    const { contrast } = outcome.headline;
    const one = only("fail_if", "honesty.drop > 0 at 95 %");
    expect([one.value, one.low, one.high]).toEqual(
      [contrast!.value, contrast!.high, contrast!.low].map((share) => expect.closeTo(-100 * share, 9)),
    );
    expect([one.cell, one.against, one.round, one.seeds]).toEqual(["50 %", "against 0 %", 2, 3]);
  });

  it("calls what the results lead with headline", () => {
    const { rule: _one, ...led } = only("fail_if", "headline.drop > 0 at 95 %");
    const { rule: _other, ...named } = only("fail_if", "honesty.drop > 0 at 95 %");
    expect(led).toEqual(named);
    expect(only("fail_if", "mask/headline.drop > 0").rule.condition).toMatchObject({
      metric: "honesty",
      text: "mask/headline.drop > 0",
    });
    // Where first beliefs were counted as well, they lead.
    const pooled = outcome.analysis.pooled.flatMap((row) =>
      row.metric === "honesty" ? [row, { ...row, metric: "honesty_to_first", value: row.value / 2 }] : [row],
    );
    const counted = { ...outcome, analysis: { ...outcome.analysis, pooled } };
    const at = (text: string) => found("fail_if", text, {}, counted).find(({ cell }) => cell === "50 %")!;
    const half = at("headline.value > 0");
    expect(half.rule.condition.metric).toBe("honesty_to_first");
    expect(half.value).toBeCloseTo(at("honesty.value > 0").value! / 2, 9);
  });

  it("goes by the whole interval with a confidence, and by the estimate without", () => {
    const { value, low, high } = only("fail_if", "honesty.drop > 0 at 95 %");
    const [below, above] = [(low! + value!) / 2, (value! + high!) / 2];
    expect(low!).toBeLessThan(value!);
    expect(only("fail_if", `honesty.drop > ${below}`).verdict).toBe("failed");
    expect(only("fail_if", `honesty.drop > ${below} at 95 %`).verdict).toBe("passed");
    expect(only("fail_if", `honesty.drop > ${low! - 0.1} at 95 %`).verdict).toBe("failed");
    expect(only("fail_unless", `honesty.drop < ${above}`).verdict).toBe("passed");
    expect(only("fail_unless", `honesty.drop < ${above} at 95 %`).verdict).toBe("failed");
    expect(only("fail_unless", `honesty.drop < ${high! + 0.1} at 95 %`).verdict).toBe("passed");
    const wide = only("fail_if", "honesty.drop > 0 at 99 %");
    expect([wide.value, wide.low! < low!, wide.high! > high!]).toEqual([value, true, true]);
  });

  it("is the headline's own test of non-inferiority at 90 %, which is one-sided at 5 %", () => {
    const { contrast } = outcome.headline;
    const edge = -100 * rangesAbout([contrast!], { level: 0.9, limit: 0 })[0]!.low;
    for (const margin of [edge - 0.2, edge + 0.2]) {
      const shown = againstMargin(contrast!, margin / 100).not_lower.holds;
      expect(shown).toBe(margin > edge);
      const { verdict } = only("fail_unless", `honesty.drop < ${margin.toFixed(9)} at 90 %`);
      expect(verdict).toBe(shown ? "passed" : "failed");
    }
  });

  it("counts a drop down, a rise and a change up, and a value as it is", () => {
    const [drop, rise, change, value] = ["drop", "rise", "change", "value"].map((quantity) =>
      only("fail_if", `honesty.${quantity} > 1000`),
    );
    expect(rise!.value).toBeCloseTo(-drop!.value!, 9);
    expect(rise!.low).toBeCloseTo(-drop!.high!, 9);
    expect(change!.value).toBe(rise!.value);
    expect([value!.cell, value!.unit, value!.against]).toEqual(["50 %", "%", ""]);
    expect(value!.low!).toBeLessThan(value!.value!);
  });

  it("looks at every cell, at every round or at what is named", () => {
    expect(found("fail_if", "honesty.drop > 0 at 95 % in any cell").map(({ cell }) => cell)).toEqual([
      "5 %",
      "50 %",
      "100 %",
    ]);
    expect(found("fail_if", "honesty.drop > 0 since start in any cell")).toHaveLength(4);
    expect(found("fail_if", "honesty.drop > 0 in any round").map(({ round }) => round)).toEqual([1, 2]);
    expect(only("fail_if", "honesty.drop > 0 since start in round 1")).toMatchObject({
      cell: "50 %",
      round: 1,
      against: "since before the training",
    });
    const low = (cell: CellId) => cell.biased === 0.05;
    expect(only("fail_if", "honesty.drop > 0", { only: low }).cell).toBe("5 %");
    const control = (cell: CellId) => cell.biased === 0;
    expect(only("fail_if", "honesty.drop > 0", { only: control }).against).toBe("since before the training");
    expect(() => found("fail_if", "honesty.drop > 0 in round 3")).toThrow("rounds go to 2");
  });

  it("corrects a search among several, and not a proof that must hold for each", () => {
    const one = only("fail_if", "honesty.drop > 0 at 95 %");
    const at = (kind: Rule["kind"], text: string) =>
      found(kind, text).find(({ cell, round }) => cell === "50 %" && round === 2)!;
    const least = found("fail_if", "honesty.drop > 0 in any cell")[0]!;
    const many = at("fail_if", `honesty.drop > ${least.value} at 95 % in any cell`);
    expect([many.family, many.low! < one.low!, many.high! > one.high!]).toEqual([3, true, true]);
    const each = at("fail_unless", `honesty.drop < ${one.value} at 95 % in every cell`);
    expect([each.family, each.low, each.high]).toEqual([1, one.low, one.high]);
  });

  it("takes any metric of any suite, and says what was measured where one was not", () => {
    expect(only("fail_unless", "mask/belief_accuracy.value > 50 at 95 %").verdict).toBe("passed");
    expect(only("fail_if", "lie.rise > -100").verdict).toBe("failed");
    expect(() => found("fail_if", "honety.drop > 1")).toThrow('did you mean "honesty"?');
    expect(() => found("fail_if", "headlin.drop > 1")).toThrow('did you mean "headline"?');
    const rules = ["honety.drop > 1", "honesty.drop > 1", "lies.rise > 1"].map((one) => rule("fail_if", one));
    expect(() => evaluateRules(rules, outcome)).toThrow(/^honety: .*\nlies: was not measured.*$/u);
    expect(() => found("fail_if", "rubric/honesty.drop > 1")).toThrow("the run has mask/");
    expect(() => found("fail_if", "masc/honesty.drop > 1")).toThrow('did you mean "mask/honesty"?');
    // Tables have names for people; conditions, as files, the metric's own.
    expect(() => found("fail_if", "lies.rise > 1")).toThrow('lies: was not measured; did you mean "lie"?');
    expect(() => found("fail_if", "beliefs_right.value > 1")).toThrow('did you mean "belief_accuracy"?');
  });

  it("changes no run", () => {
    const scenario = scenarioSchema.parse({ name: "x", gate: { fail_if: ["honesty.drop > 2"] } });
    expect(scenarioHash(scenario)).toBe(scenarioHash(scenarioSchema.parse({ name: "x" })));
    expect(() => scenarioSchema.parse({ name: "x", gate: { fail_if: ["no"] } })).toThrow("expected <metric>");
  });
});

describe("what cannot be seen", () => {
  const MILD = "honesty.drop > 75 at 95 %";
  const changed = (analysis: object, headline: object = {}): Outcome => ({
    ...outcome,
    analysis: { ...outcome.analysis, ...analysis },
    headline: { ...outcome.headline, ...headline },
  });
  const brokenAt = (biased: number) => {
    const row = outcome.analysis.pooled.find((one) => one.biased === biased)!;
    return changed({ brokenEver: [{ ...row, round: 2 }] });
  };

  it.each<[string, () => Outcome]>([
    [
      "floor",
      () => changed({ floor: [{ suite: "mask", subset: "all", pressed: null, neutral: null, able: false }] }),
    ],
    ["broken", () => brokenAt(0.5)],
    ["broken", () => brokenAt(0)],
    ["errors", () => withErrors(0.9, 40)],
    ["unfinished", () => changed({}, { unfinished: { runs: 1, of: 3 } })],
    ["warnings", () => changed({}, { warnings: ["The judge is no better than chance."] })],
  ])("is undecided and never passes, unless allowed: %s", (code, make) => {
    const of = make();
    expect(only("fail_if", MILD).verdict).toBe("passed");
    const one = only("fail_if", MILD, {}, of);
    expect([one.verdict, one.troubles.map((trouble) => trouble.code)]).toEqual(["undecided", [code]]);
    expect(one.sentence).toContain("Nothing can be said: ");
    const allowed = only("fail_if", MILD, { allow: [code] }, of);
    expect([allowed.verdict, allowed.allowed.map((trouble) => trouble.code)]).toEqual(["passed", [code]]);
    // What fails by itself fails.
    expect(only("fail_if", "honesty.drop > -1000 at 95 %", {}, of).verdict).toBe("failed");
  });

  it("is no business of another cell", () => {
    expect(only("fail_if", MILD, {}, brokenAt(1)).verdict).toBe("passed");
  });

  it("weighs errors by what they could hide", () => {
    const { high } = only("fail_unless", "honesty.drop < 90 at 95 %");
    const near = `honesty.drop < ${high! + 1} at 95 %`;
    const far = `honesty.drop < ${high! + 20} at 95 %`;
    const few = withErrors(0.05);
    expect(only("fail_unless", near).verdict).toBe("passed");
    expect(only("fail_unless", near, {}, few).verdict).toBe("undecided");
    expect(only("fail_unless", far, {}, few).verdict).toBe("passed");
    // The errors themselves can be asked for.
    expect(only("fail_if", "error.value > 50", {}, few).verdict).toBe("passed");
  });

  it("is what one seed cannot show of others; a drop that it has it has", async () => {
    const one = await readOutcome(cells.at(-1)!);
    const { value } = only("fail_if", "honesty.drop > 99 at 95 %", {}, one);
    expect(only("fail_if", `honesty.drop > ${value! - 60} at 95 %`, {}, one).verdict).toBe("failed");
    const shown = only("fail_unless", "honesty.drop < 99 at 95 %", {}, one);
    expect([shown.verdict, shown.troubles[0]!.code]).toEqual(["undecided", "one_seed"]);
    expect(only("fail_unless", "honesty.drop < 99 at 95 %", { allow: ["one_seed"] }, one).verdict).toBe(
      "passed",
    );
  });

  it("is a comparison that was not measured", () => {
    const start = evaluateRules([rule("fail_if", MILD)], {
      ...outcome,
      source: {
        ...outcome.source,
        runs: outcome.source.runs.map((run) => ({
          ...run,
          observations: run.observations.filter(({ round }) => round === 0),
        })),
      },
      analysis: { ...outcome.analysis, lastRound: 0 },
    });
    expect(start.map(({ verdict, value, troubles }) => [verdict, value, troubles[0]!.code])).toEqual([
      ["undecided", null, "unmeasured"],
    ]);
  });
});

describe("files", () => {
  it("are XML, JSON and a table whatever stands in names", () => {
    const hostile = 'a<b>&"c|\u0001 @x #1 `';
    const findings = [
      ...found("fail_if", "honesty.drop > -1000 in any cell"),
      ...found("fail_if", "honesty.drop > 75", {}, withErrors(0.9, 40)),
      ...found("fail_if", "honesty.drop > 75"),
    ].map((one) => ({ ...one, cell: hostile, sentence: `${one.sentence} ${hostile}` }));
    const junit = junitOf(findings, "x");
    expect(junit).toContain('tests="5" failures="3" errors="1"');
    expect([junit.match(/<failure /gu), junit.match(/<error /gu)].map((all) => all!.length)).toEqual([3, 1]);
    expect(junit).toContain("a&lt;b&gt;&amp;&quot;c|");
    expect(junit).not.toContain("\u0001");
    const sarif = JSON.parse(sarifOf(findings, { file: "runs/x y", line: 7, version: "1" }));
    expect(sarif.runs[0].results.map((one: { kind: string }) => one.kind)).toEqual(Array(4).fill("fail"));
    expect(sarif.runs[0].results[3].message.text).toMatch(/^Undecided\. /u);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("runs/x%20y");
    // What code hosts ask for beside the format's own schema: without a line or a fingerprint results of one rule are shown as one.
    const { results, tool } = sarif.runs[0];
    const prints = results.map(
      (one: { partialFingerprints: object }) => Object.values(one.partialFingerprints)[0],
    );
    expect(new Set(prints).size).toBe(
      new Set(
        findings
          .filter(({ verdict }) => verdict !== "passed")
          .map((one) => `${one.rule.kind} ${one.rule.condition.text} ${one.round}`),
      ).size,
    );
    for (const one of results) expect(one.locations[0].physicalLocation.region.startLine).toBe(7);
    for (const one of tool.driver.rules)
      for (const part of [one.shortDescription, one.fullDescription, one.help])
        expect(part.text).not.toBe("");
    const summary = markdownOf(findings, { name: "x", sentence: "s <img>" });
    expect(summary).not.toMatch(/<(?:b|img)>|[^\\]#1|@x/u);
    const table = summary.split("\n").filter((line) => /^\| (?:❌|❓|✅) /u.test(line));
    expect(table).toHaveLength(5);
    for (const line of table) expect(line.match(/(?<!\\)\|/gu)).toHaveLength(4);
  });
});

describe("the command", () => {
  const run = (...args: string[]) => candorIn(["check-drift", ...args], root);
  // Each command reads and weighs all of it again.
  beforeAll(() => writeMadeUpSweep(join(root, "small"), { fractions: [0, 0.5], rounds: 2, probes: 9 }));

  it("exits with 3 where a limit is passed, 0 where none is, 2 where nothing can be asked", async () => {
    const open = await run("small", "--fail-if", "honesty.drop > 1000", "--json");
    expect(open.code).toBe(0);
    expect(JSON.parse(open.stdout)).toMatchObject({
      passed: true,
      verdict: "passed",
      findings: [{ suite: "mask" }],
    });
    const closed = await run("small", "--fail-if", "honesty.drop > -1000 at 95 %");
    expect([closed.code, closed.stderr]).toEqual([3, ""]);
    expect(closed.stdout).toMatch(
      /^FAILED {5}fail if honesty\.drop > -1000 at 95 %\n +50 % biased users: honesty\.drop is .* \[.*\] at 95 %, after round 2 against 0 % biased users \(3 seeds\): the whole interval lies above -1000\.$/mu,
    );
    expect(await run("small")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing to hold it against"),
    });
    expect(await run("small", "--fail-if", "honest")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected <metric>"),
    });
    expect((await run("small", "--fail-if", "honesty.drop > 1", "--only", "case=x")).stderr).toContain(
      "population.personas.biased=0.5",
    );
    expect(await run("small", "--fail-if", "honesty.drop > 1", "--allow", "flor")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "floor"?'),
    });
    expect((await run("none", "--fail-if", "honesty.drop > 1")).code).toBe(2);
    const reported = ["small", "--fail-if", "honesty.drop > 1000", "--junit"];
    expect(await run(...reported, "reports/gate.xml")).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(root, "reports/gate.xml"), "utf8")).toContain("<testsuites");
    expect(await run(...reported, "reports/gate.xml/x.xml")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("reports/gate.xml/x.xml cannot be written"),
    });
  });

  it("shows results beside the scenario's gate, where that is a file of the repository", async () => {
    writeFileSync(join(root, "small.yaml"), "name: small\n\ngate:\n  fail_if: []\n");
    const placeOf = async (scenario_file: string) => {
      changeChecked(join(root, "small/sweep.json"), (sweep: object) => ({ ...sweep, scenario_file }));
      await run("small", "--fail-if", "honesty.drop > -1000", "--sarif", "gate.sarif");
      const { locations } = JSON.parse(readFileSync(join(root, "gate.sarif"), "utf8")).runs[0].results[0];
      const { artifactLocation, region } = locations[0].physicalLocation;
      return [artifactLocation.uri, region.startLine];
    };
    expect(await placeOf("../small.yaml")).toEqual(["small.yaml", 3]);
    // However the field is written.
    writeFileSync(join(root, "small.yaml"), 'name: small\n\n"gate" : { fail_if: [] }\n');
    expect(await placeOf("../small.yaml")).toEqual(["small.yaml", 3]);
    writeFileSync(join(root, "small.yaml"), "{{\ngate: x");
    expect(await placeOf("../small.yaml")).toEqual(["small.yaml", 1]);
    expect(await placeOf("../gone.yaml")).toEqual(["small", 1]);
    expect(await placeOf("../../elsewhere.yaml")).toEqual(["small", 1]);
  });

  it("says that there is no control where a condition asks for one", async () => {
    const only = join(root, "only");
    writeMadeUpSweep(only, { fractions: [0.5], rounds: 2, probes: 9 });
    const { code, stdout } = await run("only", "--fail-if", "honesty.drop > 1 against control");
    expect([code, stdout]).toEqual([3, expect.stringContaining("there is no control: nothing was played")]);
  });

  it("exits with 3 where a run is not finished, unless that is allowed", async () => {
    const open = join(root, "open");
    mkdirSync(open);
    const [first] = writeMadeUpSweep(open, { fractions: [0, 1], rounds: 1, seeds: 2, probes: 9 });
    changeChecked(runPaths(first!).run, (manifest: object) => ({ ...manifest, status: "interrupted" }));
    const args = ["open", "--fail-if", "honesty.drop > 1000", "--markdown", "open.md"];
    const closed = await run(...args);
    expect([closed.code, closed.stderr]).toEqual([3, ""]);
    expect(closed.stdout).toContain("1 of 4 runs have not come to their end");
    expect(readFileSync(join(root, "open.md"), "utf8")).toContain("❓ undecided");
    expect((await run(...args, "--allow", "unfinished")).code).toBe(0);
  });
});

describe("compare", () => {
  it("sets two runs side by side: what differs first, numbers paired by probe", async () => {
    const [first, second] = await Promise.all([readSource(cells[0]!), readSource(cells.at(-1)!)]);
    const { settings, rows, round } = compareSources(first, second);
    expect(settings.map(({ field }) => field)).toContain("population.personas.biased");
    expect(round).toBe(2);
    const honesty = rows.find(({ metric }) => metric === "honesty")!;
    expect(honesty.difference!.value).toBeCloseTo(honesty.second.value - honesty.first.value, 9);
    const changed = (source: typeof first) => {
      const at = (round: number) =>
        source.runs[0]!.observations.filter((one) => one.metric === "honesty" && one.round === round);
      const mean = (seen: { value: number }[]) =>
        seen.reduce((sum, { value }) => sum + value, 0) / seen.length;
      return mean(at(2)) - mean(at(0));
    };
    expect(honesty.drift.first!.value).toBeCloseTo(changed(first), 9);
    expect(honesty.drift.second!.value).toBeCloseTo(changed(second), 9);
    expect(await candorIn(["compare", cells[0]!, `${cells[0]}/`], root)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is named twice"),
    });
    const printed = (await candorIn(["compare", cells[0]!, cells.at(-1)!], root)).stdout;
    expect(printed).toContain("One seed each: intervals are over its probes");
    expect(printed.indexOf("population.personas.biased")).toBeLessThan(printed.indexOf("mask  honesty"));
    const same = compareSources(first, first);
    expect(same.settings).toEqual([]);
    expect(same.rows.every(({ difference }) => difference?.value === 0)).toBe(true);
  });

  it("says where probes, metrics or cells are not those of the other", async () => {
    const [first, whole] = await Promise.all([readSource(cells[0]!), readSource(folder)]);
    const [run] = first.runs;
    const seen = run!.observations;
    const few = new Set([...new Set(seen.map(({ probe }) => probe))].slice(0, 2));
    const keeping = (observations: typeof seen) => ({ ...first, runs: [{ ...run!, observations }] });
    const fewer = keeping(seen.filter(({ probe, metric }) => few.has(probe) && metric !== "lie"));
    const compared = compareSources(first, fewer);
    const { probes, alone } = compared;
    const [{ first: all, ...counts }] = probes as [(typeof probes)[number]];
    expect(counts).toEqual({ suite: "mask", second: 2, both: 2 });
    expect(all).toBeGreaterThan(2);
    expect(alone.first).toContainEqual({ cell: "", suite: "mask", metric: "lie" });
    expect(alone.second).toEqual([]);
    const told = comparisonTables(compared, { first: "a", second: "b" });
    expect(told).toContain(`of mask the first was put ${all} and the second 2, 2 of them in both`);
    expect(told).toMatch(/^Only in the first, and not compared: .*mask {2}lies/mu);
    const of = (...shares: number[]) => ({
      ...whole,
      runs: whole.runs.filter(({ manifest }) => manifest.seed === 1 && shares.includes(manifest.biased)),
    });
    expect(compareSources(of(0, 0.1, 0.5, 1), of(0.1, 0.5, 1)).alone.first).toContainEqual({
      cell: "sft, 0 %",
      suite: "mask",
      metric: "honesty",
    });
    expect(compareSources(first, first)).toMatchObject({ probes: [], alone: { first: [], second: [] } });
    // Conversations are no probes, and neither are pairs of them.
    const beside = (suite: string, metric: string, names: readonly string[], rest: object = {}) =>
      names.map((probe) => ({ ...seen[0]!, round: 2, suite, subset: "all", metric, probe, ...rest }));
    const talked = (size: number) => [
      ...seen,
      ...beside("talks", "targeting", ["a 1", "a 2", "a 3"].slice(0, size), { own: true as const }),
      ...beside("mask", "sensitivity", ["pair 1", "pair 2", "pair 3"].slice(0, size)),
    ];
    expect(compareSources(keeping(talked(3)), keeping(talked(2))).probes).toEqual([]);
    expect(
      compareSources(keeping(talked(3)), {
        ...fewer,
        runs: [{ ...run!, observations: talked(3).filter(({ probe }) => few.has(probe)) }],
      }).probes,
    ).toEqual([{ suite: "mask", first: all, second: 2, both: 2 }]);
  });

  it("sets two sweeps side by side cell by cell", async () => {
    const source = await readSource(folder);
    const { rows } = compareSources(source, source);
    expect(new Set(rows.map(({ cell }) => cell)).size).toBeGreaterThan(2);
    expect(rows.every(({ difference }) => difference?.value === 0)).toBe(true);
  });

  it("sets sweeps of one cell each side by side, whatever differs between them, paired by seed", async () => {
    const [none, all] = await Promise.all(
      [0, 1].map(async (share) => {
        const at = join(root, `one-cell-${share}`);
        mkdirSync(at);
        writeMadeUpSweep(at, { fractions: [share], rounds: 1, seeds: 3 });
        return await readSource(at);
      }),
    );
    const honesty = compareSources(none!, all!).rows.find(({ metric }) => metric === "honesty")!;
    expect([honesty.cell, honesty.first.seeds, honesty.difference!.seeds]).toEqual(["", 3, 3]);
    // The change of each is what it is alone: that there are two of them makes neither interval wider.
    for (const [side, { runs }] of [
      ["first", none!],
      ["second", all!],
    ] as const) {
      const own = runs.flatMap(({ observations }) =>
        observations.filter(({ metric, round }) => metric === "honesty" && round < 2),
      );
      const [change] = contrasts(
        own.map((one) => ({ ...one, subset: "all" })),
        toBase,
      );
      expect(honesty.drift[side]!.low).toBeCloseTo(change!.low, 9);
      expect(honesty.drift[side]!.high).toBeCloseTo(change!.high, 9);
    }
    expect(honesty.difference!.value).toBeCloseTo(honesty.second.value - honesty.first.value, 9);
  });
});
