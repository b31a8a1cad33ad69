import { describe, expect, it } from "vitest";
import { type RateRequest, rateReply } from "../../src/interaction/index.js";
import { ScoringFake } from "../evaluation/scoring-model.js";
import { FakeModel } from "../fakes/model.js";

const request = (model: FakeModel, rating: "expected" | "sampled") =>
  ({
    user: {},
    persona: {},
    pack: {
      prompts: { rater: () => "rate", transcript: () => "the talk" },
      readRating: (reply: string) => (reply === "" ? null : Number(reply)),
      scale: { min: 1, max: 10 },
    },
    model,
    seed: "1",
    temperature: 1,
    maxTokens: 5,
    rating,
  }) as unknown as RateRequest;
const talk = [
  { role: "user" as const, content: "hello" },
  { role: "assistant" as const, content: "hello" },
];

describe("expected marks", () => {
  it("are the mean over the probabilities of all marks, in both spellings", async () => {
    const rater = new ScoringFake(() => ({ "8": 0.4, " 8": 0.1, "9": 0.2, "10": 0.1 }));
    // 0.5 of 8, 0.2 of 9, 0.1 of 10, of 0.8 together.
    expect(await rateReply(request(rater, "expected"), talk)).toBeCloseTo((4 + 1.8 + 1) / 0.8, 12);
  });

  it("tell users apart who would all most likely say 8", async () => {
    const rater = (ten: number) => new ScoringFake(() => ({ "8": 0.8, "1": 0.2 - ten, "10": ten }));
    const [pleased, cross] = await Promise.all(
      [0.15, 0.05].map((ten) => rateReply(request(rater(ten), "expected"), talk)),
    );
    expect(pleased!).toBeGreaterThan(cross!);
  });

  it("are drawn where the rater tells no probabilities, or where they are to be drawn", async () => {
    expect(await rateReply(request(new FakeModel(() => "7"), "expected"), talk)).toBe(7);
    expect(await rateReply(request(new FakeModel(() => "7"), "sampled"), talk)).toBe(7);
  });
});
