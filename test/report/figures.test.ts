import { describe, expect, it } from "vitest";
import { doseResponse, pooled } from "../../src/drift/index.js";
import { talks } from "../../src/evaluation/index.js";
import { signedRange } from "../../src/numbers.js";
import { beliefBesideHonesty } from "../../src/report/figures/curves.js";
import { decompositionFigure } from "../../src/report/figures/decomposition.js";
import {
  doseFigure,
  type Figure,
  narrowed,
  render,
  runsFigure,
  specOf,
  thresholdWords,
} from "../../src/report/figures/index.js";
import { named } from "../../src/report/figures/named.js";
import { ordered } from "../../src/report/figures/palette.js";
import { primaryFigure } from "../../src/report/figures/primary.js";
import { satisfactionFigure } from "../../src/report/figures/satisfaction.js";
import { targetingFigure } from "../../src/report/figures/targeting.js";
import { textWidth } from "../../src/report/figures/text-width.js";
import { analyse, driftFigure, type ReportSource, termsOf } from "../../src/report/index.js";
import { terminalCurves } from "../../src/report/terminal.js";
import { madeUpSweep } from "./made-up.js";

const observations = madeUpSweep({ rounds: 2, fractions: [0, 0.1, 1] });
const rows = pooled(observations, { draws: 200 });
const TALKS = termsOf({ source: "interaction" });

function curves(seen: typeof observations): Figure {
  const scenario = { source: "interaction", rounds: 2, sweep: {} };
  const source = { scenario, runs: [{ axes: {}, observations: seen }] };
  return driftFigure(source as unknown as ReportSource, analyse(seen));
}

describe("drift curves", () => {
  it("draw one line, one interval at its end and a point a round for each fraction", async () => {
    const svg = await render(curves(observations));
    const marks = (kind: string) => [
      ...svg.matchAll(new RegExp(`class="mark-${kind} role-mark[^>]*>.*?</g>`, "gu")),
    ];
    const paths = (kind: string) =>
      marks(kind).reduce((sum, [text]) => sum + text.split("<path").length - 1, 0);
    // Three means, and three seeds of each.
    expect(paths("line")).toBe(3 + 9);
    const bars = marks("rule").reduce((sum, [text]) => sum + text.split("<line").length - 1, 0);
    expect(bars).toBe(3);
    expect(paths("symbol")).toBe(9);
  });

  it("put a small picture for each method", () => {
    const both = madeUpSweep({ rounds: 1, fractions: [0, 1], methods: ["sft", "kto"] });
    expect(new Set(curves(both).data.map(({ panel }) => panel))).toEqual(new Set(["kto", "sft"]));
  });

  it("state every number in words", () => {
    const { description } = curves(observations);
    const last = rows.find(
      (row) => row.metric === "honesty" && row.subset === "all" && row.biased === 1 && row.round === 2,
    )!;
    expect(description).toContain(`round 2 ${Number((100 * last.value).toFixed(1))} %`);
    expect(description).toContain("10 % biased: ");
    expect(description).toContain("The bars at the end are the 95 % intervals of the last round");
  });

  it("refuse rows of several seeds that were not pooled", () => {
    const row = rows.find(({ metric, subset }) => metric === "honesty" && subset === "all")!;
    expect(() => beliefBesideHonesty([row, row], TALKS)).toThrow("pool the seeds first");
  });

  it("are complete specifications for other programs", () => {
    const spec = specOf(curves(observations)) as { data: { values: unknown[] }; $schema: string };
    expect(spec.$schema).toMatch(/vega-lite\/v6/u);
    // Nine means and their seeds, three intervals, three names.
    expect(spec.data.values).toHaveLength(9 + 27 + 3 + 3);
  });

  it("do not let a name become markup", async () => {
    const named = observations.map((row) => ({
      ...row,
      scenario: row.biased > 0 ? "<script>alert(1)</script>" : row.scenario,
    }));
    const svg = await render(curves(named));
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
  });
});

describe("the comparison that the experiment is for", () => {
  const contrast = analyse(observations).primary!;
  const options = { measure: "Honesty", sides: ["100 % biased users", "none"], narrow: false } as const;
  const figure = (one = contrast) => primaryFigure(one, options);

  it("stands with one interval, and a dot for each seed", async () => {
    expect(figure().title).toBe("Honesty after round 2: 100 % biased users against none");
    const svg = await render(figure());
    const count = (kind: string, element: string) =>
      [...svg.matchAll(new RegExp(`class="mark-${kind} role-mark[^>]*>.*?</g>`, "gu"))].reduce(
        (sum, [text]) => sum + text.split(element).length - 1,
        0,
      );
    // No change, and the interval; the mean, and three seeds.
    expect(count("rule", "<line")).toBe(2);
    expect(count("symbol", "<path")).toBe(1 + 3);
  });

  it("says the numbers of the sentence that the report begins with", () => {
    const { description, data } = figure();
    expect(description).toContain(signedRange(contrast).replace(" [", " points ["));
    expect(data.filter(({ kind }) => kind === "seed").map(({ value }) => value)).toEqual(
      contrast.by_seed.map(({ value }) => 100 * value),
    );
  });

  it("puts many seeds into one row, and draws no second dot for a single one", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ seed: index + 1, value: -index / 1000 }));
    const rowsOf = (by_seed: typeof many) =>
      new Set(figure({ ...contrast, by_seed }).data.map(({ row }) => row));
    expect(rowsOf(many)).toEqual(new Set(["Mean of 40 seeds", "Each seed"]));
    expect(rowsOf(many.slice(0, 1))).toEqual(new Set(["One seed"]));
  });
});

it("what a change is made of has a row for each share, so that no interval lies over another", async () => {
  const { decomposition } = analyse(observations);
  const figure = decompositionFigure(decomposition, 2, TALKS);
  const svg = await render(figure);
  const bars = [...svg.matchAll(/class="mark-rule role-mark[^>]*>.*?<\/g>/gu)].flatMap(([text]) =>
    [...text.matchAll(/transform="translate\([\d.]+,([\d.]+)\)"[^>]*stroke-width="1.2"/gu)].map(([, y]) => y),
  );
  expect(bars).toHaveLength(4 * 3);
  expect(new Set(bars).size).toBe(bars.length);
});

it("beliefs stand beside honesty, each in a picture of its own", () => {
  const panels = new Set(beliefBesideHonesty(rows, TALKS).data.map(({ panel }) => panel));
  expect([...panels]).toEqual(["Honesty", "Beliefs right when asked neutrally"]);
});

it.each([
  ["beliefs and honesty", () => beliefBesideHonesty(rows, TALKS)],
  ["whom it obliges", () => targetingFigure(obliging(-0.3), TALKS)!],
])("%s have intervals beside one another, within the picture, wide and for a phone", (_what, draw) => {
  const figure = draw();
  for (const { data, spec } of [figure, narrowed(figure)]) {
    const ends = data.filter(({ kind }) => kind === "interval");
    const panels = [...new Set(ends.map(({ panel }) => panel))];
    expect(panels.length).toBeGreaterThan(0);
    for (const panel of panels) {
      const at = ends.filter((end) => end.panel === panel).map(({ round }) => round);
      expect([panel, new Set(at).size]).toEqual([panel, at.length]);
    }
    const [, low] = /"domain":\[(-?[\d.]+),[\d.]+\],"zero"/u.exec(JSON.stringify(spec))!;
    expect(Math.min(...ends.map((end) => Number(end.low)))).toBeGreaterThanOrEqual(Number(low));
  }
});

/** How much more the biased are obliged than the benign, in two shares. */
function obliging(low: number) {
  return [0.1, 0.5].flatMap((biased) =>
    [1, 2].map((round) => ({
      ...{ scenario: "s", axes: {}, method: "sft", biased, suite: talks.name, subset: "all", round },
      ...{ metric: talks.metrics[0]!.id, value: biased, low, high: 0.8, seeds: 3 },
    })),
  );
}

it("draws ways to count honesty that came to the same once, and beliefs that did so too beside them", () => {
  const first = rows
    .filter(({ metric }) => metric === "honesty" || metric === "belief_accuracy")
    .flatMap((row) => (row.metric === "honesty" ? [row, { ...row, metric: "honesty_to_first" }] : [row]));
  const panels = new Set(beliefBesideHonesty(first, TALKS).data.map(({ panel }) => panel));
  expect([...panels]).toEqual(["Honesty to first beliefs", "Beliefs right when asked neutrally"]);
});

it("axes of percent give no two ticks one name, however near the values lie", async () => {
  const points = [0.9, 0.902, 0.905].map((honesty, round) => ({
    ...{ persona: "benign", biased: 0, rating: 5 + round, honesty, round },
  }));
  const svg = await render(satisfactionFigure(points, TALKS));
  const ticks = [...svg.matchAll(/>([\d.]+ %)</gu)].map(([, tick]) => tick);
  expect(ticks.length).toBeGreaterThan(2);
  // One is the share of biased users, in the legend.
  expect(new Set(ticks).size).toBe(ticks.length);
});

it("cuts off no name in a phone's legend, and gives nine lines nine colours", async () => {
  const lines = [..."abcdefghi"].map(
    (end) => `30 % biased, short-talks, reward mean, missing 0.4, hurried ${end}`,
  );
  const points = lines.flatMap((line) =>
    [0, 1].map((round) => ({ line, panel: "", round, value: 0.9, low: 0.8, high: 1 })),
  );
  const words = { name: "curves", title: "Honesty", subtitle: "Means.", measure: "Honesty" };
  const svg = await render(runsFigure(points, [], { ...words, rounds: 1, scale: false, narrow: true }));
  expect(svg).not.toContain("…");
  expect(svg).toMatch(/hurried i</u);
  const strokes = [...svg.matchAll(/stroke="(#[0-9a-f]{6})" stroke-width="2.5"/gu)].map(
    ([, stroke]) => stroke,
  );
  expect(new Set(strokes).size).toBe(9);
});

it("breaks long titles of figures under a name of their own, so that a phone cuts none", () => {
  const figure = named(beliefBesideHonesty(rows, TALKS), "a way of learning with a long name");
  for (const [one, most] of [
    [figure, 80],
    [narrowed(figure), 36],
  ] as const) {
    const { title } = one.spec as { title: { text: string[] } };
    expect(Math.max(...title.text.map(({ length }) => length))).toBeLessThanOrEqual(most);
  }
});

it("the dose response marks the threshold that it names", async () => {
  const honesty = observations.filter(({ metric }) => metric === "honesty");
  const dose = doseResponse(honesty, { draws: 500 }).find(({ subset }) => subset === "all")!;
  const figure = doseFigure(dose, TALKS);
  expect(dose.threshold!.found).toBe(true);
  expect(figure.description).toContain("The smallest share at which a drop was detected");
  expect(figure.data.some(({ detected }) => detected === true)).toBe(true);
  const none = doseFigure({ ...dose, threshold: { found: false, upTo: 1, low: 0.1, high: null } }, TALKS);
  expect(none.description).toContain(
    "No drop against 0 % was detected up to 100 % biased users; drops up to ",
  );
  expect(await render(none)).not.toContain(">threshold ");
});

it("the dose response says where seeds are missing, since the runs that failed may be those that drifted most", () => {
  const honesty = observations.filter(({ metric }) => metric === "honesty");
  const wordsOf = (seen: typeof honesty) =>
    thresholdWords(doseResponse(seen, { draws: 500 }).find(({ subset }) => subset === "all")!, TALKS);
  expect(wordsOf(honesty)).toMatch(/95 would find [^.]*\.$/u);
  expect(wordsOf(honesty.filter(({ seed, biased }) => seed === 1 || biased !== 1))).toContain(
    "Seeds are missing (1 at 100 %, of 3): do not rely on this.",
  );
  expect(wordsOf(honesty.filter(({ seed }) => seed === 1))).toContain("rests on one seed");
});

describe("colours", () => {
  /** Relative luminance (WCAG 2). */
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };

  it.each([2, 6, 12, 24])(
    "of %d ordered steps differ and grow lighter, so that hue is not needed",
    (count) => {
      const steps = ordered(count);
      expect(new Set(steps).size).toBe(count);
      const light = steps.map(luminance);
      for (let i = 1; i < count; i += 1) expect(light[i]!).toBeGreaterThan(light[i - 1]!);
    },
  );

  it("keep to the scale's ends beyond its stops", () => {
    expect(ordered(40)).toHaveLength(40);
    expect(ordered(1)).toEqual([ordered(2)[0]]);
  });
});

it("text widths follow the letters", () => {
  expect(textWidth("iiii", 10, false)).toBeCloseTo(8.88, 6);
  expect(textWidth("MMMM", 10, false)).toBeCloseTo(33.32, 6);
  expect(textWidth("MMMM", 10, true)).toBeGreaterThan(33.32);
});

describe("curves in the terminal", () => {
  const flat = { label: "0 %", points: [0, 1, 2].map((round) => ({ round, value: 0.9 })) };
  const falling = { label: "100 %", points: [0, 1, 2].map((round) => ({ round, value: 0.9 - 0.3 * round })) };

  it("stand at their values, with a legend and no colour codes unless asked for", () => {
    const text = terminalCurves([flat, falling], false);
    const row = (percent: string) => text.split("\n").find((line) => line.trim().startsWith(`${percent} %`))!;
    expect(row("90")).toMatch(/■·+.*●·+●$/u);
    expect(row("30").trimEnd()).toMatch(/■$/u);
    expect(text).toContain("● 0 %   ■ 100 %");
    expect(text).not.toContain("\u001b");
    expect(terminalCurves([flat], true)).toContain("\u001b");
  });

  it("tell numbers that are no shares as they are", () => {
    const text = terminalCurves(
      [{ label: "d", points: [1.7, -0.2].map((value, round) => ({ round, value })) }],
      false,
      false,
    );
    expect(text.split("\n")[0]).toMatch(/^ {3}1\.7 ┤ ●/u);
    expect(text).toMatch(/−0\.2 ┤ +●/u);
    expect(text).not.toContain("%");
  });

  it("say where one hides another, which would seem to be missing", () => {
    const meets = "where curves meet, the last one's mark is seen";
    expect(terminalCurves([flat, { ...flat, label: "10 %" }], false)).toContain(meets);
    const apart = {
      label: "10 %",
      points: flat.points.map(({ round, value }) => ({ round, value: value / 2 })),
    };
    expect(terminalCurves([flat, apart], false)).not.toContain(meets);
  });

  it("are nothing without points", () => {
    expect(terminalCurves([], false)).toBe("");
  });
});
