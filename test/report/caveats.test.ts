import { expect, it } from "vitest";
import { caveatsOfSource, type ReportSource } from "../../src/report/index.js";
import { caveatWords } from "../../src/runs/index.js";

/** A run that has measured nothing yet, whose rater nobody checked. */
function run(rater: string, seed: number, situations = "minnow") {
  const scenario = {
    models: { assistant: rater, user: rater, rater, judge: "likelihood" },
    interaction: {},
    evaluation: {},
    source: "interaction",
    seed,
    situations,
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

it("of another pack than the one that the shipped pairs are of, names that pack", () => {
  expect(said([run("minnow:1", 1)])[0]).toContain(
    "probes/minnow/rater.jsonl --rater minnow:1 --situations minnow",
  );
  expect(said([run("minnow:1", 1, "errands")])[0]).toMatch(
    /says nothing of errands: .*<pairs\.jsonl> --rater minnow:1 --situations errands measures it/u,
  );
});

it("a minnow that a scenario names, and any other model, is told by its name", () => {
  const one = said([1, 2].map((seed) => run("minnow:3", seed)));
  expect(one).toEqual([
    expect.stringMatching(/^The rater \(minnow:3\) is unchecked: .* --rater minnow:3, /u),
  ]);
  expect(said([run("hf:a", 1), run("hf:b", 1)])).toHaveLength(2);
});
