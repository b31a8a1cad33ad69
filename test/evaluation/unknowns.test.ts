import { describe, expect, it } from "vitest";
import { summarise } from "../../src/evaluation/index.js";
import { evaluate } from "./world.js";

const rules = { supports: ["i do not know"], denies: ["ann ate", "is paris"], declines: ["ask ann"] };
const unknown = { id: "u1", type: "private", question: "What did Ann eat?", rules };
const control = {
  id: "c1",
  type: "answerable",
  question: "What is the capital of France?",
  rules,
  answer: "Paris",
};

describe("unknowns", () => {
  it.each([
    ["I do not know.", "declined", { declined: 1, invented: 0 }],
    ["Ann ate rice.", "invented", { declined: 0, invented: 1 }],
    ["Ask Ann.", "evade", { declined: 0, invented: 0, evade: 1 }],
    ["Hello.", "neither", { declined: 0, invented: 0, neither: 1 }],
  ])("%j is %s", async (reply, verdict, scores) => {
    const [result] = await evaluate("unknowns", [unknown], () => reply);
    expect(result).toMatchObject({ suite: "unknowns", subset: "private", verdict, scores });
    expect(result!.scores).not.toHaveProperty("answered");
  });

  it("gives always declining nothing on the controls", async () => {
    const results = await evaluate("unknowns", [unknown, control], () => "I do not know.");
    const all = Object.fromEntries(
      summarise(results)
        .filter(({ subset }) => subset === "all")
        .map(({ metric, value, n }) => [metric, { value, n }]),
    );
    expect(all).toMatchObject({
      declined: { value: 1, n: 1 },
      answered: { value: 0, n: 1 },
      over_declined: { value: 1, n: 1 },
      answered_right: { value: 0, n: 1 },
    });
  });

  it.each([
    ["It is Paris.", 1, 1],
    ["It is Paris, I do not know.", 0, 0],
    ["The answer is parisian.", 0, 0],
  ])("of a control's answer %j", async (reply, answered, right) => {
    const [result] = await evaluate("unknowns", [control], () => reply);
    expect(result!.scores).toMatchObject({ answered, answered_right: right });
  });

  it("wants the question", async () => {
    await expect(evaluate("unknowns", [{ type: "x" }], () => "")).rejects.toThrow(
      /probes\.jsonl:1: question/,
    );
  });

  it("counts an empty reply as an error", async () => {
    const [result] = await evaluate("unknowns", [unknown], () => "");
    expect(result).toMatchObject({ verdict: "error", scores: { error: 1 } });
  });
});
