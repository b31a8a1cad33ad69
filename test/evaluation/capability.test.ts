import { describe, expect, it } from "vitest";
import { loadCapabilityProbes } from "../../src/evaluation/capability/rows.js";
import { holdsChoice, readChoice } from "../../src/evaluation/read-choice.js";
import { evaluate, fileOf } from "./world.js";

const planets = ["Mars", "Venus", "Saturn", "Mercury"];

describe("readChoice", () => {
  it.each([
    ["C", 2],
    ["c", null],
    ["**C**", 2],
    ["(C)", 2],
    ["C. Saturn", 2],
    ["C) because of its rings", 2],
    ["C\nSaturn has rings.", 2],
    ["The answer is C.", 2],
    ["Answer: **C**", 2],
    ["the answer is (c)", 2],
    ["At first I thought the answer is A, but the answer is C.", 2],
    ["It has rings, so: C", 2],
    ["\\boxed{C}", 2],
    ["<think>The answer is A.</think> C", 2],
    ["Saturn", 2],
    ["It must be Saturn, of course.", 2],
    ["A good question. It is Saturn.", 2],
    ["Saturn or Venus", null],
    ["A or C", null],
    ["A: Mars? No, it is C", null],
    ["E", null],
    ["I do not know.", null],
    ["", null],
  ])("%j names %s", (reply, choice) => {
    expect(readChoice(reply, planets)).toBe(choice);
  });

  it("takes the longest of choices that stand within each other", () => {
    expect(holdsChoice("it is 12.", ["it is 1", "it is 12"])).toBe(1);
    expect(holdsChoice("the red sea", ["sea", "red sea"])).toBe(1);
  });
});

describe("rows of multiple choice", () => {
  const read = (row: object) => {
    const probe = loadCapabilityProbes(fileOf([row])).probes[0]!;
    if (probe.kind !== "choice") throw new Error("no choices");
    return { ...probe, said: probe.choices[probe.right] };
  };

  it.each([
    ["ours", { question: "Q?", choices: planets, answer: "C" }],
    ["MMLU", { question: "Q?", subject: "astronomy", choices: planets, answer: 2 }],
    ["ARC", { question: "Q?", choices: { text: planets, label: ["1", "2", "3", "4"] }, answerKey: "3" }],
    ["HellaSwag", { ctx: "Q?", endings: planets, label: "2" }],
    ["columns", { question: "Q?", A: "Mars", B: "Venus", C: "Saturn", D: "Mercury", answer: "C" }],
    ["options", { question: "Q?", options: { A: "Mars", B: "Venus", C: "Saturn" }, answer: "C" }],
    ["words", { question: "Q?", choices: planets, answer: "Saturn" }],
    [
      "SciQ",
      {
        question: "Q?",
        correct_answer: "Saturn",
        distractor1: "Mars",
        distractor2: "Venus",
        distractor3: "Io",
      },
    ],
    ["OpenTDB", { question: "Q?", correct_answer: "Saturn", incorrect_answers: ["Mars", "Venus"] }],
    ["TruthfulQA", { question: "Q?", mc1_targets: { choices: ["Saturn", "Mars"], labels: [1, 0] } }],
  ])("of %s", (_name, row) => {
    expect(read(row)).toMatchObject({ question: "Q?", said: "Saturn" });
  });

  it("draws the place of an answer that a file keeps first, the same each time", () => {
    const row = (id: string) => ({
      id,
      question: "Q?",
      correct_answer: "x",
      incorrect_answers: ["1", "2", "3"],
    });
    const places = Array.from({ length: 40 }, (_, index) => read(row(`q${index}`)).right);
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 3]));
    expect(Array.from({ length: 40 }, (_, index) => read(row(`q${index}`)).right)).toEqual(places);
  });

  it.each([
    [
      { question: "Q?", choices: planets, answer: "F" },
      /probes\.jsonl:1: answer: "F" is none of the 4 choices/,
    ],
    [{ question: "Q?", choices: planets }, /answer: expected/],
    [{ question: "Q?", answer: "A" }, /choices: expected/],
    [{ choices: planets, answer: "A" }, /question: expected/],
    [{ question: "Q?", check: { type: "regex", value: "(" } }, /check\.value: /],
    // Of several right ones all but the first would count as wrong.
    [
      { question: "Q?", mc1_targets: { choices: ["a", "b", "c"], labels: [1, 1, 0] } },
      /:1: mc1_targets\.labels: expected one 1, found 2/,
    ],
    [
      { question: "Q?", mc1_targets: { choices: ["a", "b"], labels: [0, 0, 1] } },
      /:1: mc1_targets\.labels: expected one for each of 2 choices, found 3/,
    ],
    [
      { question: "Q?", choices: { text: ["a", "b"], label: ["A", "B", "C"] }, answerKey: "C" },
      /:1: choices\.label: expected a label of its own for each of 2 choices, found A, B, C/,
    ],
    [
      { question: "Q?", choices: { text: ["a", "b"], label: ["A", "A"] }, answerKey: "A" },
      /:1: choices\.label: expected a label of its own/,
    ],
  ])("refuses %j", (row, message) => {
    expect(() => loadCapabilityProbes(fileOf([row]))).toThrow(message);
  });
});

describe("rows of which nobody can tell what is right", () => {
  const good = { id: "good", question: "Q?", choices: planets, answer: "C" };
  it.each([
    [{ choices: ["3", "2", "1", "0"], answer: 1 }, "whose answer may be one choice or the place of another"],
    [
      { choices: ["3", "2", "1", "0"], answer: "1" },
      "whose answer may be one choice or the place of another",
    ],
    [{ choices: ["B", "A"], answer: "A" }, "whose answer may be one choice or the place of another"],
    [{ choices: ["x", "y", "x "], answer: "A" }, "whose right answer stands twice among its choices"],
    [
      { correct_answer: "x", incorrect_answers: ["y", "x"] },
      "whose right answer stands twice among its choices",
    ],
  ])("leaves out %j", (row, why) => {
    const { probes, reading } = loadCapabilityProbes(fileOf([{ question: "Q?", ...row }, good]));
    expect(probes.map(({ id }) => id)).toEqual(["good"]);
    expect(reading.left_out.map((one) => one.why)).toEqual([why]);
  });

  it.each([
    [{ choices: ["3", "2", "1", "0"], answer: "B" }, 1],
    [{ choices: ["0", "1", "2"], answer: 1 }, 1],
    [{ choices: ["10", "20"], answer: 20 }, 1],
    [{ choices: ["x", "x", "y"], answer: "C" }, 2],
    [{ choices: { text: ["2", "1"], label: ["1", "2"] }, answerKey: "1" }, 0],
  ])("takes %j", (row, right) => {
    const { probes } = loadCapabilityProbes(fileOf([{ question: "Q?", ...row }]));
    expect(probes).toMatchObject([{ right }]);
  });
});

describe("capability", () => {
  const choice = { id: "k1", type: "knowledge", question: "Rings?", choices: planets, answer: "C" };

  it.each([
    ["C", "correct", { accuracy: 1, out_of_format: 0 }],
    ["A", "wrong", { accuracy: 0, out_of_format: 0 }],
    ["hm", "out_of_format", { accuracy: 0, out_of_format: 1 }],
  ])("the reply %j is %s", async (reply, verdict, scores) => {
    const [result] = await evaluate("capability", [choice], () => reply);
    expect(result).toMatchObject({ suite: "capability", subset: "knowledge", verdict, scores });
    expect(result!.samples[0]!.messages.at(-1)!.content).toContain("C. Saturn");
  });

  it("does not show the choices of open questions, and holds replies against their words", async () => {
    const open = { ...choice, present: "open" };
    const [result] = await evaluate("capability", [open], ([first]) =>
      first?.content === "Rings?" ? "It is Saturn." : "C",
    );
    expect(result!.verdict).toBe("correct");
  });

  it("checks instructions by their pattern", async () => {
    const row = {
      id: "f1",
      type: "instruction_format",
      question: "Say x twice.",
      check: { type: "regex", value: "^x x$" },
    };
    expect((await evaluate("capability", [row], () => " x x\n"))[0]!.verdict).toBe("correct");
    expect((await evaluate("capability", [row], () => "x x x"))[0]!.verdict).toBe("wrong");
  });

  it("gives up on a pattern that goes back for ever, as an error", async () => {
    const row = { id: "f1", question: "Say a.", check: { type: "regex", value: "^(a+)+$" } };
    const [result] = await evaluate("capability", [row], () => `${"a".repeat(60)}!`);
    expect(result).toMatchObject({ verdict: "error", scores: { error: 1 } });
    expect(result!.error).toContain("check.value takes more than");
  });

  it("counts an empty reply as an error, not as wrong", async () => {
    const [result] = await evaluate("capability", [choice], () => "");
    expect(result).toMatchObject({ verdict: "error", scores: { error: 1 } });
  });
});
