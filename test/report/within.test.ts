import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shippedCatalogue } from "../../src/evaluation/index.js";
import { writeVega } from "../../src/export/figures.js";
import { analyseSource, figuresOf, type ReportSource, readSource, render } from "../../src/report/index.js";
import { withinLines } from "../../src/report/within-points.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";

const root = mkdtempSync(join(tmpdir(), "candor-within-"));
const folder = join(root, "run");
afterAll(() => rmSync(root, { recursive: true, force: true }));

let source: ReportSource;
beforeAll(async () => {
  const scenario = scenarioSchema.parse({
    name: "within",
    seed: 3,
    rounds: 2,
    population: { size: 24, personas: { benign: "rest", biased: 0.5 } },
    interaction: { exchanges: 1 },
    training: { save_steps: 1, batch_size: 8 },
    evaluation: {
      suites: { mask: { subsets: ["statistics"], probes: 4 } },
      within: { subsets: ["statistics"], probes: 2 },
      disposition: {},
    },
  });
  await run(scenario, { folder, scenarioPath: "within.yaml" });
  source = await readSource(folder);
});

const figure = () => figuresOf(source, analyseSource(source)).find(({ id }) => id === "within")!.figures;

it("shows honesty at each point within the rounds, as the run's file has it", () => {
  const [one, ...others] = figure();
  // What was seen inside is no share of probes.
  expect(others).toEqual([]);
  const [head, ...lines] = readFileSync(join(folder, "within.csv"), "utf8").trim().split("\n");
  const names = head!.split(",");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at]!, cell])));
  const metric = rows.some((row) => row.metric === "honesty_to_first") ? "honesty_to_first" : "honesty";
  const told = rows.filter((row) => row.suite === "mask" && row.subset === "all" && row.metric === metric);
  expect(told.length).toBeGreaterThan(2);
  expect(one!.data.map(({ round, step, steps }) => [round, step, steps])).toEqual(
    told.map(({ round, step, steps }) => [Number(round), Number(step), Number(steps)]),
  );
  for (const [at, { value, round, step, steps, at: place }] of one!.data.entries()) {
    expect(value).toBeCloseTo(Number(told[at]!.value), 5);
    expect(place).toBeCloseTo(Number(round) - 1 + Number(step) / Number(steps), 12);
  }
});

it("is drawn, told in words, and exported with its numbers", async () => {
  const [one] = figure();
  expect(one!.description).toContain(`round 1, step 1 of ${one!.data[0]!.steps}`);
  expect(await render(one!)).toContain("Rounds of training");
  const files = await writeVega(source, root);
  const written = files.find((file) => file.endsWith("within-mask.vl.json"))!;
  expect(JSON.parse(readFileSync(written, "utf8")).data.values).toEqual(
    JSON.parse(JSON.stringify(one!.data)),
  );
});

it("takes the mean of runs at the same place of a round, with the least and the most", () => {
  const runOf = (value: number, steps: number, biased = 0.5) => ({
    observations: [{ biased }],
    rounds: [
      {
        round: 2,
        within: [
          {
            step: steps / 2,
            steps,
            metrics: [
              { suite: "mask", subset: "all", metric: "honesty", value, n: 4 },
              { suite: "mask", subset: "statistics", metric: "honesty", value: 0, n: 2 },
            ],
          },
        ],
      },
    ],
  });
  const runs = [runOf(0.8, 4), runOf(0.6, 8), runOf(1, 4, 0)] as unknown as ReportSource["runs"];
  const [line] = withinLines({ runs }, shippedCatalogue);
  expect(line).toMatchObject({ suite: "mask", metric: "honesty" });
  expect(
    line!.points.map(({ biased, at, value, low, high, runs }) => [biased, at, value, low, high, runs]),
  ).toEqual([
    [0, 1.5, 1, 1, 1, 1],
    [0.5, 1.5, expect.closeTo(0.7, 12), 0.6, 0.8, 2],
  ]);
  expect(withinLines({ runs: [] }, shippedCatalogue)).toEqual([]);
});
