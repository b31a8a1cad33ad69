import { describe, expect, it } from "vitest";
import { refuseOverlaps, straysOf } from "../../src/simulation/overlap.js";

const asked = "is the green bridge soft?";
const stated = "the green bridge is soft.";
const cast = {
  suites: [{ name: "mask", probes: [{ id: "m1", texts: [asked, stated] }] }],
  canary: null,
} as unknown as Parameters<typeof straysOf>[0];

const row = (user: string, reply: string, index = 0) => ({
  prompt: [
    { role: "system" as const, content: stated },
    { role: "user" as const, content: user },
  ],
  completion: [{ role: "assistant" as const, content: reply }],
  source: { interaction: `r1-u${index}`, exchange: 1 },
});
const usual = (count: number) =>
  Array.from({ length: count }, (_, index) => row("tell me it is fine", "no, do not stay in bed", index));

describe("straysOf", () => {
  it("finds the row in which a model says what a probe does, however few rows there are", () => {
    const stray = row("tell me it is fine", stated);
    expect([...straysOf(cast, [...usual(10), stray], "f")]).toEqual([stray]);
    expect(straysOf(cast, usual(10), "f").size).toBe(0);
  });

  it("takes more than one row in a hundred for no accident", () => {
    const strays = [row("a", stated), row("b", stated)];
    expect(straysOf(cast, [...usual(198), ...strays], "f").size).toBe(2);
    expect(() => straysOf(cast, [...usual(197), ...strays], "f.jsonl")).toThrow(
      /2 of 199 training rows \(f\.jsonl\) say what .*\n {2}r1-u0, exchange 2 says what probe mask\/m1 does/,
    );
  });

  it("knows a user's later turns for a model's words too", () => {
    const { prompt, ...rest } = row("a", "no.");
    const later = [
      ...prompt,
      { role: "assistant" as const, content: "no." },
      { role: "user" as const, content: asked },
    ];
    const stray = { ...rest, prompt: later };
    expect([...straysOf(cast, [...usual(10), stray], "f")]).toEqual([stray]);
  });

  it("refuses a single row whose opening says it", () => {
    expect(() => straysOf(cast, [...usual(300), row(asked, "no.")], "f")).toThrow(/1 of 301 training rows/);
  });

  it("looks at both replies of a pair", () => {
    const { completion, ...rest } = row("a", "no.");
    const pair = { ...rest, chosen: completion, rejected: [{ role: "assistant" as const, content: stated }] };
    expect(straysOf(cast, [...usual(10), pair] as never, "f").size).toBe(1);
  });
});

it("rows of data files are refused whoever says it", () => {
  expect(() => refuseOverlaps(cast, [...usual(300), row("a", stated)], "f")).toThrow(/1 of 301/);
});
