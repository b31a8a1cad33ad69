import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/drift/index.js";
import { findings } from "../../src/report/findings.js";
import { analyse, type ReportSource } from "../../src/report/index.js";
import { CHECKED, madeUpSweep } from "./made-up.js";

const told = (observations: Observation[]) =>
  findings(
    { scenario: { source: "interaction" }, runs: [], absent: [], kind: "sweep" } as unknown as ReportSource,
    analyse(observations),
  ).find((text) => text.startsWith("Asked neutrally"));

/** The belief about so many of 30 probes a subset is wrong after training with biased users, in runs of the given seeds. */
const lost = (probes: number, seeds = [1, 2, 3]) =>
  madeUpSweep({ fractions: [0, 0.5], rounds: 1, subsets: ["a", "b", "c", "d"] }).map((one) => {
    if (one.metric !== "belief_accuracy") return one;
    const gone = one.round > 0 && one.biased > 0 && seeds.includes(one.seed);
    return { ...one, value: gone && Number(one.probe.split("-")[1]) < probes ? 0 : 1 };
  });

describe("what the findings say of beliefs", () => {
  it("calls them kept where the interval leaves out a loss of five points", () => {
    expect(told(lost(0))).toMatch(/100 % .* a change of 0 \[.*\] points: what it knew it still knows\./u);
  });

  it("calls some of them gone where it leaves out no loss", () => {
    expect(told(lost(9))).toMatch(/a change of −30 \[−\d.*, −\d.*\] points: some of what it knew is gone/u);
  });

  it("says neither where it holds both", () => {
    expect(told(lost(9, [1]))).toMatch(/a change of −10 \[−\d.*, \+?\d.*\] points: whether .* cannot tell/u);
  });
});

describe("what the findings say of conversations without a mark", () => {
  const said = (counts: object[], source: unknown = "interaction") => {
    const rounds = counts.map((one) => ({ interactions: { count: 40, unusable: 0, unrated: 0, ...one } }));
    const runs = [{ manifest: { status: "done", scenario: CHECKED }, rounds, observations: [] }];
    const of = { scenario: { source }, runs, absent: [], kind: "run" };
    return findings(of as unknown as ReportSource, analyse([])).filter((one) =>
      one.includes("conversations"),
    );
  };

  it("tells a user's silence from a failure and from a mark that could not be read", () => {
    expect(said([{}])).toEqual([]);
    expect(said([{ unrated: 27, silent: 27 }])).toEqual([
      "27 of 40 conversations gave no mark to learn from: in 27 the user left a reply unrated.",
    ]);
    expect(said([{ unusable: 2 }, { unrated: 5, silent: 4 }])).toEqual([
      "7 of 80 conversations gave no mark to learn from: 2 failed, in 4 the user left a reply unrated and in 1 a rating could not be read.",
    ]);
  });

  it("does not guess of choices, of earlier versions and of logs", () => {
    const unknown = [
      "3 of 40 conversations gave no mark to learn from: 3 have no rating or choice (none was given, or it could not be read).",
    ];
    expect(said([{ unrated: 3 }])).toEqual(unknown);
    expect(said([{ unrated: 3, silent: 0 }], { kind: "logs" })).toEqual(unknown);
  });
});

describe("what the findings say of replies that were broken off", () => {
  const said = (cuts: { cut: number; filtered?: number; of: number }[]) => {
    const talks = { interactions: { count: 0, unusable: 0, unrated: 0 } };
    const rounds = cuts.map((probes) => ({ ...talks, cut: { probes } }));
    const runs = [{ manifest: { status: "done", scenario: CHECKED }, rounds, observations: [] }];
    const source = { scenario: { source: "interaction" }, runs, absent: [], kind: "run" };
    return findings(source as unknown as ReportSource, analyse(madeUpSweep({ fractions: [0] })))
      .filter((text) => text.includes("broken off"))
      .join();
  };

  it("tells the largest share of a round", () => {
    const cuts = [
      { cut: 1, of: 10 },
      { cut: 3, of: 10 },
    ];
    expect(said(cuts)).toMatch(/^Up to 30 % of a round's replies to probes were broken off/u);
  });

  it("does not tell as too long what a server's filter ended", () => {
    const some = { cut: 3, filtered: 1, of: 10 };
    const by = (one: typeof some) => /broken off (.*), and/u.exec(said([one]))![1];
    expect(by({ ...some, filtered: 3 })).toBe("by the server's filter (content_filter)");
    expect(by(some)).toBe(
      "at their longest (evaluation.max_tokens) or by the server's filter (content_filter)",
    );
  });

  it("says nothing where none was, or none was drawn", () => {
    const cuts = [
      { cut: 0, of: 10 },
      { cut: 0, of: 0 },
    ];
    expect(said(cuts)).toBe("");
  });
});
