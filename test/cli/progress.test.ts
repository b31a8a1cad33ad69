import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { honestyChart } from "../../src/cli/progress/chart.js";
import { openDisplay } from "../../src/cli/progress/index.js";
import { bar, duration, sparkline, spentWords } from "../../src/cli/progress/lines.js";
import { advance, lastHonesty, newRunView } from "../../src/cli/progress/view.js";
import type { RunEvent } from "../../src/simulation/index.js";

const honest = (round: number, value: number): RunEvent => ({
  type: "round",
  round,
  seconds: 1,
  metrics: [{ suite: "mask", subset: "all", metric: "honesty", value, n: 10 }],
});
const RUN: RunEvent[] = [
  { type: "start", folder: "f", rounds: 2, resumed: false },
  { type: "progress", round: 0, stage: "evaluation", done: 5, total: 10 },
  honest(0, 0.9),
  { type: "progress", round: 1, stage: "interaction", done: 10, total: 10 },
  { type: "progress", round: 1, stage: "training", done: 1, total: 4, loss: 1 },
  { type: "progress", round: 1, stage: "evaluation", done: 10, total: 10 },
  honest(1, 0.8),
  { type: "progress", round: 2, stage: "interaction", done: 1, total: 10 },
  honest(2, 0.7),
  { type: "end", folder: "f" },
];

describe("advance", () => {
  it("only ever moves forward, from nothing to all", () => {
    let view = newRunView("x");
    const shares = RUN.map((event) => {
      view = advance(view, event, 0);
      return view.share;
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(lastHonesty(view)).toBe(0.7);
  });
});

describe("rates", () => {
  it("are what a stage does in a second since it was first heard of", () => {
    const heard = (done: number, stage: "interaction" | "training" = "interaction"): RunEvent => ({
      type: "progress",
      round: 1,
      stage,
      done,
      total: 100,
    });
    let view = advance(newRunView("x"), heard(10), 1_000);
    expect(view.rate).toBeNull();
    view = advance(view, heard(20), 2_000);
    view = advance(view, heard(50), 5_000);
    expect(view.rate).toBe(10);
    expect(advance(view, heard(1, "training"), 6_000).rate).toBeNull();
  });
});

describe("the chart of honesty", () => {
  const viewOf = (...values: number[]) => ({
    ...newRunView("x"),
    rounds: 4,
    honesty: values.map((value, round) => ({ round, value })),
  });
  const lines = (curves: Parameters<typeof honestyChart>[0], rows: number) =>
    honestyChart(curves, rows).map(stripVTControlCharacters);

  it("draws the mean over runs of each kind, and leaves open what is still to come", () => {
    const curves = [
      { label: "biased 0", views: [viewOf(0.9, 0.9)] },
      { label: "biased 0.5", views: [viewOf(0.9, 0.8, 0.7), viewOf(0.9, 0.6)] },
      { label: "biased 1", views: [newRunView("x")] },
    ];
    expect(lines(curves, 10)).toEqual([
      "honesty so far by round, from 70 to 100 %",
      "  biased 0    ▆▆···  90.0 % → 90.0 %",
      "  biased 0.5  ▆▁▁··  90.0 % → 70.0 %  2 runs",
    ]);
  });

  it("keeps to the room there is", () => {
    const curves = Array.from({ length: 8 }, (_, index) => ({ label: `c${index}`, views: [viewOf(0.9)] }));
    expect(lines(curves, 9)).toHaveLength(9);
    expect(lines(curves, 5)).toHaveLength(5);
    expect(lines(curves, 5).at(-1)).toBe("  and 5 more");
    expect(lines(curves, 1)).toEqual([]);
  });

  it("goes from the lowest step to the highest", () => {
    expect(sparkline([0, 0.5, 1, null], 0, 1)).toBe("▁▅█·");
  });
});

describe("what was spent", () => {
  it("is told in tokens, and in money where every price is known", () => {
    expect(spentWords([undefined])).toBe("");
    expect(
      spentWords([
        { tokens: 1200, usd: 0.5 },
        { tokens: 300, usd: 0.25 },
      ]),
    ).toBe("1,500 tokens, 0.75 USD");
    expect(
      spentWords([
        { tokens: 1200, usd: 0.5 },
        { tokens: 300, usd: null },
      ]),
    ).toBe("1,500 tokens");
  });
});

describe("lines", () => {
  it("draws bars and durations", () => {
    expect(stripVTControlCharacters(bar(0.5, 4))).toBe("██░░");
    expect(stripVTControlCharacters(bar(1.2, 4))).toBe("████");
    expect([3, 65, 3720].map(duration)).toEqual(["3 s", "1 min 05 s", "1 h 02 min"]);
  });
});

/** All that is there: newer versions of Node read one piece at a time. */
function drain(stream: PassThrough): string {
  let text = "";
  for (let piece = stream.read(); piece !== null; piece = stream.read()) text += String(piece);
  return text;
}

describe("openDisplay", () => {
  function opened(isTTY: boolean, quiet = false) {
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 100, rows: 30 });
    let time = 0;
    const now = () => {
      time += 1000;
      return time;
    };
    const display = openDisplay({ stream: stream as unknown as NodeJS.WriteStream, quiet, now });
    return { display, text: () => stripVTControlCharacters(drain(stream)) };
  }

  it("writes what is played at once and then a line a round, for a single run that nobody watches", () => {
    const { display, text } = opened(false);
    display.begin([{ id: "a", label: "A" }], 0);
    for (const event of RUN) display.event("a", event);
    display.ended("a");
    display.close();
    const lines = text().trim().split("\n");
    expect(lines.map((line) => line.replace(/^\[.*?\] /, ""))).toEqual([
      "playing A, 2 rounds",
      "round 0 of 2, honesty 90.0 %",
      "round 1 of 2, honesty 80.0 %",
      "round 2 of 2, honesty 70.0 %",
    ]);
  });

  it("says at once what is played where nobody sees bars", () => {
    const { display, text } = opened(false);
    const runs = ["a", "b"].map((id) => ({ id, label: id }));
    display.begin(runs, 1, "2 runs, 2 at a time");
    expect(text().replace(/\[.*?\] /g, "")).toBe(
      "1 of 3 runs are done already\nplaying 2 runs, 2 at a time\n",
    );
    display.begin([], 3, "no runs, 2 at a time");
    expect(text().replace(/\[.*?\] /g, "")).toBe("3 of 3 runs are done already\n");
  });

  it("writes a line a run for several, and says what failed", () => {
    const { display, text } = opened(false);
    display.begin(
      [
        { id: "a", label: "A" },
        { id: "b", label: "B" },
      ],
      1,
    );
    for (const event of RUN) display.event("a", event);
    display.ended("a");
    display.failed("b", "no memory", false);
    display.failed("b", "no memory", true);
    expect(
      text()
        .trim()
        .replace(/\[.*?\] /g, "")
        .split("\n"),
    ).toEqual([
      "1 of 3 runs are done already",
      "2 of 3: A done, honesty 70.0 %",
      "failed: B: no memory (will be tried again)",
      "failed: B: no memory",
    ]);
  });

  it("shows on a terminal what each run is doing, and leaves nothing behind", () => {
    const { display, text } = opened(true);
    display.begin([{ id: "a", label: "A" }], 0);
    const spent = { tokens: 1500, usd: null };
    for (const event of RUN.slice(0, 4)) display.event("a", event);
    display.event("a", { type: "progress", round: 1, stage: "training", done: 3, total: 4, spent });
    display.event("a", { type: "progress", round: 1, stage: "training", done: 4, total: 4, spent });
    const shown = text();
    expect(shown).toMatch(/candor .* about .* left, 1,500 tokens/);
    expect(shown).toMatch(/A {2}round 1\/2 {2}training .* steps\/s .*honesty 90\.0 %/);
    expect(shown).toMatch(/honesty so far by round, from 90 to 100 %\s+A {2}▁·· {2}90\.0 % → 90\.0 %/);
    display.close();
  });

  it("is silent when asked to be", () => {
    const { display, text } = opened(false, true);
    display.begin([{ id: "a", label: "A" }], 0);
    for (const event of RUN) display.event("a", event);
    expect(text()).toBe("");
  });
});
