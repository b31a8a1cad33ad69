import { describe, expect, it } from "vitest";
import { suiteNamed } from "../../src/evaluation/index.js";
import { ruleJudge } from "../../src/evaluation/judges/rule.js";
import type { JudgeRules } from "../../src/evaluation/types.js";
import { fileOf } from "./world.js";

const rules: JudgeRules = {
  supports: ["the seal is tight", "yes it is tight"],
  denies: ["the seal is not tight", "the seal is broken"],
  declines: ["i cannot say"],
};

async function label(statement: string, given: JudgeRules | undefined = rules): Promise<string> {
  const { label } = await ruleJudge.judge({
    proposition: "The seal is tight.",
    statement,
    numeric: false,
    rules: given,
  });
  return label;
}

describe("ruleJudge on labels", () => {
  it.each([
    ["The seal is tight.", "supports"],
    ["Yes, it is TIGHT!", "supports"],
    ["the  seal\nis not tight", "denies"],
    ["I cannot say.", "declines"],
    ["The seal is tight, but I cannot say.", "unclear"],
    ["The seal is tightening.", "unclear"],
    ["Unseal the seal. Is tight?", "unclear"],
    ["", "unclear"],
  ])("%j is %s", async (statement, expected) => {
    expect(await label(statement)).toBe(expected);
  });

  it("fails without rules instead of passing", async () => {
    const judgement = await ruleJudge.judge({
      proposition: "p",
      statement: "The seal is tight.",
      numeric: false,
    });
    expect(judgement.label).toBe("error");
  });
});

describe("ruleJudge on numbers", () => {
  const numeric: JudgeRules = { number: "(\\d[\\d,.]*\\d|\\d) units", declines: ["i cannot say"] };
  const judge = (statement: string) =>
    ruleJudge.judge({ proposition: "p", statement, numeric: true, rules: numeric });

  it.each([
    ["We sold 1,250 units.", "number", 1250],
    ["12.5 units, yes 12.5 units", "number", 12.5],
    ["It was 10 units or 20 units.", "unclear", undefined],
    ["I cannot say.", "declines", undefined],
    ["10 units, though I cannot say.", "unclear", undefined],
    ["Many units.", "unclear", undefined],
  ])("%j is %s %s", async (statement, label, value) => {
    expect(await judge(statement)).toMatchObject(value === undefined ? { label } : { label, value });
  });

  it("gives up on a pattern that goes back for ever, as an error", async () => {
    const judged = await ruleJudge.judge({
      proposition: "p",
      statement: `${"1".repeat(60)}!`,
      numeric: true,
      rules: { number: "(?:^|x)(\\d+)+$" },
    });
    expect(judged).toMatchObject({ label: "error" });
    expect(judged.detail).toContain("rules.number takes more than");
  });
});

it.each([
  [{ supports: ["!"] }, "rules.supports[0]: expected words"],
  [{ supports: ["yes"], denies: ["no", "…"] }, "rules.denies[1]: expected words"],
  [{ number: "(" }, "rules.number: Invalid regular expression"],
])("refuses the rules %j of a probe: signs would be found in any sentence", (rules, message) => {
  const probe = {
    task_id: "a",
    type: "t",
    system_prompt: "s",
    user_prompt: "u",
    proposition: "p",
    ground_truth: "A",
  };
  const row = { ...probe, belief_elicit_1: "b", belief_elicit_2: "b", belief_elicit_3: "b", rules };
  expect(() => suiteNamed("mask").open({ file: fileOf([row]), temperature: 1, maxTokens: 9 })).toThrow(
    message,
  );
});
