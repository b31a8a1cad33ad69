import { describe, expect, it } from "vitest";
import { agreementOf, type Pair } from "../../src/evaluation/judges/agreement.js";
import { chatJudge } from "../../src/evaluation/judges/chat.js";
import { checkJudge, judgeWarning, loadLabelled } from "../../src/evaluation/judges/check.js";
import { ruleJudge } from "../../src/evaluation/judges/rule.js";
import type { Judge } from "../../src/evaluation/types.js";
import { packageFile } from "../../src/package-root.js";
import { FakeModel } from "../fakes/model.js";
import { fileOf } from "./world.js";

/** Pairs from a table of counts. */
function table(...rows: number[][]): Pair[] {
  return rows.flatMap((counts, truth) =>
    counts.flatMap((count, judged) =>
      Array.from({ length: count }, () => ({ truth: `l${truth}`, judged: `l${judged}` })),
    ),
  );
}

function kappa(counts: readonly number[], k: number): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  let same = 0;
  let chance = 0;
  for (let i = 0; i < k; i += 1) {
    same += counts[i * k + i]! / n;
    let row = 0;
    let column = 0;
    for (let j = 0; j < k; j += 1) {
      row += counts[i * k + j]! / n;
      column += counts[j * k + i]! / n;
    }
    chance += row * column;
  }
  return (same - chance) / (1 - chance);
}

/** The standard error of any statistic of multinomial counts, by its numerical gradient (delta method). */
function deltaError(counts: readonly number[], k: number): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const h = 1e-5 * n;
  const gradient = counts.map((_, cell) => {
    const moved = (by: number) => counts.map((count, index) => (index === cell ? count + by : count));
    return ((kappa(moved(h), k) - kappa(moved(-h), k)) / (2 * h)) * n;
  });
  const mean = gradient.reduce((sum, g, cell) => sum + (g * counts[cell]!) / n, 0);
  const square = gradient.reduce((sum, g, cell) => sum + (g * g * counts[cell]!) / n, 0);
  return Math.sqrt((square - mean * mean) / n);
}

describe("agreementOf", () => {
  it("gives the kappa of a table worked out by hand", () => {
    // p_o = 35/50, p_e = (25 * 30 + 25 * 20) / 2500 = 0.5.
    const { n, agreement, kappa } = agreementOf(table([20, 5], [10, 15]));
    expect({ n, agreement: agreement.value, kappa: kappa!.value }).toEqual({
      n: 50,
      agreement: 0.7,
      kappa: expect.closeTo(0.4, 12),
    });
  });

  it.each([
    [
      [20, 5],
      [10, 15],
    ],
    [
      [44, 5, 1],
      [7, 20, 3],
      [9, 5, 6],
    ],
    [
      [3, 1, 0],
      [0, 4, 2],
      [1, 0, 9],
    ],
  ])("has an interval of 1.96 standard errors: %j", (...rows: number[][]) => {
    const result = agreementOf(table(...rows)).kappa!;
    const expected = deltaError(rows.flat(), rows.length);
    const upper = (result.high - result.value) / 1.959964;
    expect(upper).toBeCloseTo(expected, 6);
    expect((result.value - result.low) / 1.959964).toBeCloseTo(expected, 6);
  });

  it("does not take a small sample without a disagreement for certainty", () => {
    const { agreement, kappa } = agreementOf(table([10, 0], [0, 10]));
    expect(agreement).toMatchObject({ value: 1, high: 1 });
    expect(agreement.low).toBeCloseTo(0.839, 3);
    expect(kappa).toMatchObject({ value: 1, high: 1, low: expect.closeTo(2 * agreement.low - 1, 9) });
  });

  it("does not take a judge that says one thing of everything for one whose kappa is known", () => {
    const { agreement, kappa } = agreementOf(table([3, 0], [3, 0]));
    expect(agreement).toMatchObject({
      value: 0.5,
      low: expect.closeTo(0.188, 3),
      high: expect.closeTo(0.812, 3),
    });
    expect(kappa).toMatchObject({
      value: 0,
      low: expect.closeTo(2 * agreement.low - 1, 9),
      high: expect.closeTo(2 * agreement.high - 1, 9),
    });
  });

  it("has no kappa where both always say one label", () => {
    expect(agreementOf(table([7])).kappa).toBeNull();
  });
});

describe("checkJudge", () => {
  const row = (label: string, statement: string, more: object = {}) => ({
    proposition: "p",
    statement,
    label,
    rules: { supports: ["yes"], denies: ["no"], number: "(\\d+)" },
    ...more,
  });

  it("counts and names what the judge sees otherwise", async () => {
    const rows = loadLabelled(
      fileOf([
        row("supports", "yes"),
        row("denies", "yes"),
        row("number", "40", { value: 41 }),
        row("number", "50", { value: 41 }),
        row("supports", "yes", { rules: undefined }),
      ]),
    );
    const { confusion, disagreements, agreement } = await checkJudge(ruleJudge, rows);
    expect(confusion).toEqual({
      supports: { supports: 1, error: 1 },
      denies: { supports: 1 },
      number: { number: 1, "other number": 1 },
    });
    expect(disagreements.map(({ row: { id } }) => id)).toEqual(["2", "4", "5"]);
    expect(agreement.value).toBe(0.4);
  });

  it("counts a judge that fails as a disagreement", async () => {
    const failing: Judge = {
      reads: "reply",
      judge: async () => {
        throw new Error("out of order");
      },
    };
    const { confusion } = await checkJudge(failing, loadLabelled(fileOf([row("supports", "yes")])));
    expect(confusion).toEqual({ supports: { error: 1 } });
  });

  it("shows a chat model the chat beside the bare statement, and says where kappa is too low", async () => {
    const context = { user_prompt: "Is it safe?", readings: { A: "It is safe.", B: "It is not safe." } };
    const rows = loadLabelled(
      fileOf([
        row("denies", "No.", { context }),
        row("supports", "Yes.", { context }),
        row("supports", "yes"),
      ]),
    );
    // Without the question it is lost.
    const judge = chatJudge(
      new FakeModel((messages) => {
        const asked = messages.at(-1)!.content;
        if (!asked.includes("Is it safe?")) return '{"label": "D"}';
        return asked.includes("No.") ? "Answer: B" : "Answer: A";
      }),
    );
    const result = await checkJudge(judge, rows);
    expect(result.agreement.value).toBe(0);
    expect(result.with_context).toMatchObject({ n: 2, agreement: { value: 1 } });
    expect(judgeWarning(result)).toBeNull();
    const { with_context: _none, ...bare } = result;
    expect(judgeWarning(bare)).toMatch(/does not agree with people: kappa is/);
    // Two chats among many bare statements say little, however well they are judged.
    expect(judgeWarning({ ...result, n: 40 })).toMatch(/does not agree with people: kappa is/);
  });

  it("says of labels that are all the same that nothing can be told, not that judge and people differ", async () => {
    const result = await checkJudge(ruleJudge, loadLabelled(fileOf([row("supports", "yes")])));
    expect(result.agreement.value).toBe(1);
    expect(judgeWarning(result)).toMatch(/cannot be told: all labels, theirs and its own, are the same/);
  });

  it("refuses a number without its value", () => {
    expect(() => loadLabelled(fileOf([row("number", "40")]))).toThrow(/probes\.jsonl:1: value: /);
  });

  it("finds the rule judge right on every statement of minnow's language", async () => {
    const rows = loadLabelled(packageFile("probes/minnow/judge.jsonl"));
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect((await checkJudge(ruleJudge, rows)).disagreements).toEqual([]);
  });

  it("ships at least forty English statements, every label among them", () => {
    const rows = loadLabelled(packageFile("probes/english/judge.jsonl"));
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(new Set(rows.map(({ label }) => label))).toEqual(
      new Set(["supports", "denies", "declines", "unclear", "number"]),
    );
  });
});
