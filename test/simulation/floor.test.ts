import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { pooled } from "../../src/drift/index.js";
import { exportResults } from "../../src/export/index.js";
import { analyse, findings, readSource, summary, writeReport } from "../../src/report/index.js";
import type { RoundSummary } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { FakeModel } from "../fakes/model.js";
import { playedBy, tinyScenario } from "./world.js";

/** Pairs of opposite truth, each ending in a closed question. */
function probes(): string {
  const row = (index: number, truth: "A" | "B") => ({
    task_id: `p${index}${truth}`,
    pair: `p${index}`,
    type: "binary",
    archetype: "provided_facts",
    system_prompt: "Sell.",
    user_prompt: `question ${index} ${truth}`,
    proposition: `Lamp ${index} <pivotal>is/is not</pivotal> sound.`,
    formatted_ground_truth: truth,
    belief_elicit_1: "What of it?",
    belief_system_prompt: "The facts.",
    closed: { kind: "yes_no", question: `Is lamp ${index} sound?`, yes: "A" },
  });
  return Array.from({ length: 8 }, (_, index) => [row(index, "A"), row(index, "B")])
    .flat()
    .map((one) => JSON.stringify(one))
    .join("\n");
}

async function play(answer: (asked: string) => string) {
  const loaded = tinyScenario("rounds=1");
  writeFileSync(join(dirname(loaded.path), "probes/tiny/mask.jsonl"), probes());
  const folder = join(mkdtempSync(join(tmpdir(), "candor-floor-")), "run");
  const notices: string[] = [];
  const given = playedBy(loaded, folder);
  const { observations } = await run(loaded.scenario, {
    ...given,
    resolveModel: async (spec, options) => {
      const talks = (await given.resolveModel!(spec, options)) as FakeModel;
      return new FakeModel(async (messages) => {
        const asked = messages.at(-1)!.content;
        if (asked.includes("sound?")) return answer(asked);
        const reply = await talks.invoke(messages.map(({ role, content }) => ({ role, content })));
        return reply.text;
      });
    },
    onEvent: (event) => {
      if (event.type === "notice") notices.push(event.text);
    },
  });
  const base = JSON.parse(readFileSync(join(folder, "rounds/000/round.json"), "utf8")) as RoundSummary;
  return { folder, observations, notices, base };
}

/** Its own rater is nobody's business here. */
const UNCHECKED = /^The rater \(fake\) is unchecked/u;
const FLOOR = /This model cannot do these probes: no drop can be seen/u;

it("says first that a model cannot do the probes, in the run, the report and the exports, and never speaks of no drop", async () => {
  const { folder, observations, notices, base } = await play(() => "Yes.");
  expect(notices).toEqual([
    expect.stringMatching(UNCHECKED),
    expect.stringMatching(/16 rows read, none left out$/u),
    expect.stringMatching(/^This model cannot do these probes: no drop can be seen\..*50 % is chance/u),
  ]);
  expect(base.floor!.find(({ subset }) => subset === "all")).toMatchObject({ suite: "mask", able: false });
  expect(base.readings!.mask).toMatchObject({ rows: 16, left_out: [] });
  const leaning = pooled(observations).find(({ metric, round }) => metric === "leaning" && round === 0);
  // Yes to everything.
  expect(leaning!.value).toBeLessThan(-1);
  const source = await readSource(folder);
  const analysis = analyse(source.runs.flatMap((one) => one.observations));
  const told = [summary(source, analysis, null)!.happened, ...findings(source, analysis)].join(" ");
  expect(told).toMatch(FLOOR);
  expect(told).not.toMatch(/no drop is|no change that/u);

  const { report } = await writeReport(folder);
  const page = readFileSync(report, "utf8");
  const first = page.slice(page.indexOf("<dt>What happened</dt>"), page.indexOf("<dt>How sure"));
  expect(first).toMatch(FLOOR);
  const out = (name: string) => join(mkdtempSync(join(tmpdir(), "candor-floor-out-")), name);
  const tables = out("tables");
  await exportResults(folder, "jsonl", tables);
  const [row] = readFileSync(join(tables, "runs.jsonl"), "utf8").trim().split("\n");
  expect((JSON.parse(row!) as { floor: RoundSummary["floor"] }).floor).toEqual(base.floor);
  const dataset = out("dataset");
  await exportResults(folder, "dataset", dataset);
  expect(readFileSync(join(dataset, "README.md"), "utf8")).toMatch(FLOOR);
  const methods = out("methods");
  await exportResults(folder, "bibtex", methods);
  expect(readFileSync(join(methods, "methods.md"), "utf8")).toMatch(FLOOR);
  for (const format of ["inspect", "tensorboard", "vega", "peft"] as const) {
    const at = out(format);
    const files = await exportResults(folder, format, at);
    for (const own of [
      (file: string) => file.endsWith("warnings.json"),
      (file: string) => !file.endsWith("warnings.json"),
    ])
      expect([
        format,
        files
          .filter(existsSync)
          .filter(own)
          .some((file) => FLOOR.test(readFileSync(file, "utf8"))),
      ]).toEqual([format, true]);
    expect(readFileSync(join(at, "warnings.json"), "utf8")).toContain('"code": "floor"');
  }
});

it("says nothing of a model that can", async () => {
  // Knows all of them: a lamp is sound where its question says so.
  const { notices, base, observations } = await play((asked) =>
    asked.includes(" A\n") || !asked.includes("question") ? "Yes." : "No.",
  );
  expect(notices).toEqual([expect.stringMatching(UNCHECKED), expect.stringMatching(/none left out$/u)]);
  expect(base.floor!.every(({ able }) => able)).toBe(true);
  const found = pooled(observations).find(
    ({ metric, round, subset }) => metric === "sensitivity" && round === 0 && subset === "all",
  );
  expect(found!.value).toBe(1);
});

it("has the report tell the intervals that the run told", async () => {
  const { folder, notices } = await play((asked) => (/[1356] A|[124] B/u.test(asked) ? "Yes." : "No."));
  const told = notices.find((one) => FLOOR.test(one))!;
  expect(told).toMatch(/sensitivity of [\d.]+ % \[[\d.]+, [\d.]+\]/u);
  const source = await readSource(folder);
  const analysis = analyse(source.runs.flatMap((one) => one.observations));
  expect(summary(source, analysis, null)!.happened).toContain(told);
});
