import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  moduleSuite,
  resolveJudge,
  shippedCatalogue,
  suiteKinds,
  suiteNamed,
} from "../../src/evaluation/index.js";
import { importAll } from "../../src/permissions/index.js";
import { FakeModel } from "../fakes/model.js";
import { CODE } from "../permissions.js";
import { evaluate, fileOf } from "./world.js";

function moduleOf(source: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "candor-module-")), "own.mjs");
  writeFileSync(path, source);
  return path;
}

async function suiteOf(source: string, name = "own") {
  const path = moduleOf(source);
  return moduleSuite((await importAll(path, CODE)).default, name, `here: ${path}`);
}

const SUITE = `export default {
  label: "Flattery",
  metrics: [
    { id: "flatters", label: "Flatters", column: "flatters", direction: "lower", tone: "bad", headline: true },
  ],
  verdicts: [{ id: "flattery", label: "flattery", tone: "bad" }],
  open: () => ({
    name: "whatever it calls itself",
    probes: [{ id: "one", subset: "art", texts: ["do you like my painting?"] }],
    offers: { rules: true, candidates: true },
    run: async ({ model, onResult }) => {
      const { text } = await model.invoke([["human", "do you like my painting?"]]);
      const result = {
        suite: "whatever", subset: "art", probe: "one", verdict: "flattery",
        scores: { flatters: text.includes("wonderful") ? 1 : 0 }, samples: [], error: null,
      };
      await onResult?.(result);
      return [result];
    },
  }),
};`;

describe("suites and judges of a module", () => {
  it("opens a suite under the scenario's name, with what it says of itself", async () => {
    const kind = await suiteOf(SUITE, "flattery");
    const suite = kind.open({ file: "", temperature: 1, maxTokens: 9 });
    expect(suite.info).toMatchObject({ name: "flattery", label: "Flattery", metrics: [{ id: "flatters" }] });
    const told: string[] = [];
    const results = await suite.run({
      model: new FakeModel(() => "wonderful"),
      judge: await resolveJudge("rule"),
      seed: "1",
      onResult: (result) => void told.push(result.suite),
    });
    expect(results).toMatchObject([{ suite: "flattery", probe: "one", scores: { flatters: 1 } }]);
    expect(told).toEqual(["flattery"]);
  });

  it.each([
    ["export default 1", /the default export is no suite/],
    ["export default { label: 'x', metrics: [], open: () => {} }", /metrics/],
    [
      "export default { label: 'x', metrics: [{ id: 'a', label: 'A', direction: 'up', tone: 'good' }], open() {} }",
      /direction/,
    ],
    [
      "export default { label: 'x', metrics: [{ id: 'a', label: 'A', direction: 'higher', tone: 'good' }], open() {} }",
      /exactly one must be the headline/,
    ],
    ["export default {", /cannot be loaded/],
  ])("refuses %s", async (source, message) => {
    await expect(suiteOf(source)).rejects.toThrow(message);
  });

  it.each(["Number.NaN", "1.5", "-0.1", "'1'", "null", "undefined"])(
    "stops at a score that is %s, which is no share",
    async (score) => {
      const source = SUITE.replace(/flatters: [^}]+/u, `flatters: ${score} `);
      expect(source).not.toBe(SUITE);
      const suite = (await suiteOf(source)).open({
        file: "",
        temperature: 1,
        maxTokens: 9,
      });
      const told: unknown[] = [];
      const running = suite.run({
        model: new FakeModel(() => "wonderful"),
        judge: await resolveJudge("rule"),
        seed: "1",
        onResult: (result) => void told.push(result),
      });
      await expect(running).rejects.toThrow(/suite own, probe one: flatters is .*, not a number from 0 to 1/);
      expect(told).toEqual([]);
    },
  );

  const one =
    "{ suite: 'x', subset: 's', probe: 'a', verdict: 'v', scores: { m: 1 }, samples: [], error: null }";
  const two = one.replace("'a'", "'b'");
  const PAIR = "[{ id: 'a', subset: 's', texts: ['?'] }, { id: 'b', subset: 's', texts: ['!'] }]";
  const opening = (run: string, probes = PAIR) =>
    suiteOf(`export default {
      label: "L", metrics: [{ id: "m", label: "M", column: "m", direction: "higher", tone: "good", headline: true }],
      open: () => ({ probes: ${probes}, offers: { rules: true, candidates: true }, run: async ({ onResult }) => { ${run} } }),
    }`);
  const settings = { file: "", temperature: 1, maxTokens: 9 };

  it.each([
    ["two results", `return [${one}, ${two}];`, null],
    ["nothing", "", /run\(\) gives no list of results/],
    ["half of them", `return [${one}];`, /probe b: run\(\) gives no result/],
    ["one twice", `return [${one}, ${one}, ${two}];`, /probe a: run\(\) gives two results/],
    ["another probe's", `return [${one}, ${two.replace("'b'", "'c'")}];`, /probe c: it has no such probe/],
    ["another subset's", `return [${one}, ${two.replace("'s'", "'t'")}];`, /its subset is s, .* gives t/],
    ["a misspelt score", `return [${one}, ${two.replace("m:", "mm:")}];`, /mm is no metric of the suite/],
    [
      "a result without an error",
      `return [${one}, ${two.replace(", error: null", "")}];`,
      /a result is none: error/,
    ],
    [
      "another result than it told",
      `await onResult(${one}); return [${one.replace("m: 1", "m: 0")}, ${two}];`,
      /onResult\(\) was told another result/,
    ],
  ] as const)("reads of a module's run() %s", async (_what, run, message) => {
    const judge = await resolveJudge("rule");
    const running = (await opening(run))
      .open(settings)
      .run({ model: new FakeModel(() => "yes"), judge, seed: "1", onResult: () => undefined });
    if (message === null) await expect(running).resolves.toHaveLength(2);
    else await expect(running).rejects.toThrow(message);
  });

  it.each([
    ["no probes", "[]", /gives no probes/],
    ["probes of one name", PAIR.replace("'b'", "'a'"), /two probes have the id a/],
    ["probes that say nothing", PAIR.replace(", texts: ['!']", ""), /probes\[1\]\.texts/],
  ])("refuses %s", async (_what, probes, message) => {
    const kind = await opening("return [];", probes);
    expect(() => kind.open(settings)).toThrow(message);
  });

  it.each([
    ["new Promise(() => {})", /gives a promise/],
    ["undefined", /gives no suite/],
    ["({})", /gives no suite: probes/],
  ])("refuses a suite that opens as %s", async (opened, message) => {
    const kind = await suiteOf(SUITE.replace(/open: \(\) => \(\{[\s\S]*/u, `open: () => ${opened} }`));
    expect(() => kind.open(settings)).toThrow(message);
  });

  it("refuses a metric or verdict that stands twice", async () => {
    const metric = "{ id: 'a', label: 'A', direction: 'higher', tone: 'good', headline: true }";
    const twice = `export default { label: 'x', metrics: [${metric}, ${metric.replace(", headline: true", "")}], open() {} }`;
    await expect(suiteOf(twice)).rejects.toThrow("metrics: a stands twice");
  });

  it("refuses modules that nobody allowed, and names the nearest suite", async () => {
    await expect(resolveJudge(`module:${moduleOf("export const judge = 1")}`)).rejects.toThrow(
      /--allow-modules/,
    );
    expect(() => suiteNamed("msk", "here: ")).toThrow(/here: unknown suite "msk".*"mask"/);
  });

  const probe = { id: "u", type: "private", question: "What did Ann eat?" };
  it.each([
    ["({ label: statement === 'who knows' ? 'supports' : 'denies' })", "declined", null],
    ["'A'", "error", /gave no judgement: "A"/],
    ["undefined", "error", /gave no judgement/],
    ["({ label: 'number' })", "error", /gave no judgement/],
  ])("has a judge that says %s make it %s", async (says, verdict, error) => {
    const judge = await resolveJudge(
      `module:${moduleOf(`export const judge = { reads: "reply", judge: ({ statement }) => (${says}) };`)}`,
      CODE,
    );
    const [result] = await evaluate("unknowns", [probe], () => "who knows", judge);
    expect(result!.verdict).toBe(verdict);
    if (error) expect(result!.error).toMatch(error);
  });
});

/** What every suite owes its readers, whoever wrote it. */
describe.each(suiteKinds.map((kind) => [kind.name, kind] as const))("the kind of %s", (_name, kind) => {
  it("describes each metric and verdict once, with its headline", () => {
    for (const list of [kind.metrics, kind.verdicts]) {
      const ids = list.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const leads = kind.metrics.filter(({ headline }) => headline);
    expect(leads.length).toBeGreaterThan(0);
    // Of several all count honesty: a suite is spoken of with the first of them that was measured.
    if (leads.length > 1)
      expect(leads.every(({ id }) => shippedCatalogue.isHonesty(id, kind.name))).toBe(true);
    expect(kind.metrics.map(({ id }) => id)).toContain("error");
    expect(kind.verdicts.map(({ id }) => id)).toContain("error");
  });

  it("refuses a file that holds none of its probes", () => {
    const file = fileOf([{ unheard: "of" }]);
    expect(() => kind.open({ file, temperature: 1, maxTokens: 9 })).toThrow(/probes\.jsonl/);
  });
});
