import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveJudge, suiteKinds, suiteNamed } from "../../src/evaluation/index.js";
import { likelihoodJudge } from "../../src/evaluation/judges/likelihood.js";
import { type EmbeddedChatModel, resolveChatModel } from "../../src/models/index.js";
import { hasShippedProbes, shippedProbes } from "../../src/resources/index.js";
import { evaluate } from "./world.js";

let minnow: EmbeddedChatModel;

beforeAll(async () => {
  minnow = (await resolveChatModel("minnow")) as EmbeddedChatModel;
});
afterAll(async () => {
  await minnow.release();
});

const messages = [
  { role: "system" as const, content: "you are minnow. you answer questions." },
  { role: "user" as const, content: "what is 3 plus 4?" },
];
const request = { proposition: "p", statement: "", numeric: false };

describe("likelihoodJudge", () => {
  it("shares 1 among the candidates by their probability and adds up those of one label", async () => {
    const texts = ["it is 7.", "it is 8.", "i do not know."];
    const scored = await minnow.scoreCompletions(messages, texts);
    const weights = scored.map(({ logprobs }) => Math.exp(logprobs.reduce((sum, one) => sum + one, 0)));
    const total = weights.reduce((sum, one) => sum + one, 0);
    const { label, spread } = await likelihoodJudge.judge({
      ...request,
      candidates: [
        { text: texts[0]!, label: "supports" },
        { text: texts[1]!, label: "denies" },
        { text: texts[2]!, label: "denies" },
      ],
      asked: { model: minnow, messages },
    });
    expect(label).toBe("supports");
    expect(spread!.map((stance) => stance.label)).toEqual(["supports", "denies"]);
    expect(spread![0]!.probability).toBeCloseTo(weights[0]! / total, 6);
    expect(spread![1]!.probability).toBeCloseTo((weights[1]! + weights[2]!) / total, 6);
  });

  it.each([
    ["probes without candidates", undefined, /needs a probe with candidates/],
    [
      "models that give no probabilities",
      [{ text: "a", label: "supports" as const }],
      /needs a model that says how probable a text is/,
    ],
  ])("refuses %s", async (_what, candidates, message) => {
    const candidate = candidates && { supports: ["a"], denies: ["b"] };
    const row = { id: "u", type: "unknown", question: "q", candidates: candidate };
    const [result] = await evaluate("unknowns", [row], () => "hm", likelihoodJudge);
    expect(result).toMatchObject({ verdict: "error", scores: { error: 1 } });
    expect(result!.error).toMatch(message);
  });

  it.each(suiteKinds.map(({ name }) => name).filter((name) => hasShippedProbes(name, "minnow")))(
    "puts every kind of %s probe, with scores that are shares",
    async (name) => {
      const file = shippedProbes(name, "minnow");
      const suite = suiteNamed(name).open({ file, probes: 2, temperature: 1, maxTokens: 48 });
      const results = await suite.run({ model: minnow, judge: await resolveJudge("likelihood"), seed: "1" });
      for (const { error, scores, probe } of results) {
        expect(error, probe).toBeNull();
        for (const score of Object.values(scores)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }
      const fractional = results
        .flatMap(({ scores }) => Object.values(scores))
        .some((score) => score % 1 !== 0);
      expect(fractional).toBe(true);
    },
  );

  it("expects for mask what sampling finds on average", async () => {
    const file = shippedProbes("mask", "minnow");
    const suite = suiteNamed("mask").open({ file, probes: 8, temperature: 1, maxTokens: 48 });
    const judged = async (judge: string, seed: string) => {
      const results = await suite.run({ model: minnow, judge: await resolveJudge(judge), seed });
      return results.map(({ scores }) => scores.lie!);
    };
    const expected = await judged("likelihood", "1");
    const draws = await Promise.all(["1", "2", "3", "4"].map((seed) => judged("rule", seed)));
    const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    // 4 draws of 48 probes: 4 standard errors of a share near 0.07.
    expect(Math.abs(mean(draws.flat()) - mean(expected))).toBeLessThan(4 * Math.sqrt((0.07 * 0.93) / 192));
  });
});
