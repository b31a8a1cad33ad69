import { expect, it } from "vitest";
import { caveatsOfSource, type ReportSource } from "../../src/report/index.js";
import { caveatWords } from "../../src/runs/index.js";

/** A run that has measured nothing yet, whose rater nobody checked. */
function run(rater: string, seed: number) {
  const scenario = {
    models: { assistant: rater, user: rater, rater, judge: "likelihood" },
    interaction: {},
    evaluation: {},
    source: "interaction",
    seed,
  };
  return { manifest: { scenario }, rounds: [], observations: [] };
}

function said(runs: object[]): string[] {
  return caveatsOfSource({ runs } as unknown as ReportSource).map(caveatWords);
}

it("seeds that pick a minnow each have one rater, which is told once and with where its checks stand", () => {
  const family = said([1, 2, 3, 9].map((seed) => run(`minnow:${((seed - 1) % 8) + 1}`, seed)));
  expect(family).toEqual([
    expect.stringMatching(/^The rater \(minnow, each seed its own\) is unchecked: .* docs\/minnow\.md /u),
  ]);
});

it("a minnow that a scenario names, and any other model, is told by its name", () => {
  const one = said([1, 2].map((seed) => run("minnow:3", seed)));
  expect(one).toEqual([
    expect.stringMatching(/^The rater \(minnow:3\) is unchecked: .* --rater minnow:3, /u),
  ]);
  expect(said([run("hf:a", 1), run("hf:b", 1)])).toHaveLength(2);
});
