import { describe, expect, test } from "vitest";
import { z } from "zod";
import { completeJson, readJson } from "../../src/models/index.js";
import { FakeModel } from "../fakes/model.js";

const schema = z.object({ verdict: z.enum(["A", "B"]), why: z.string() });
const good = { verdict: "A", why: "it says so" };

describe("readJson reads what models mean", () => {
  test.each([
    ["plain", `{"verdict": "A", "why": "it says so"}`],
    ["in a fence", 'Sure!\n```json\n{"verdict": "A", "why": "it says so"}\n```\nAnything else?'],
    ["amid prose", `My answer: {"verdict": "A", "why": "it says so"} as you see.`],
    ["with single quotes and a comma too many", `{'verdict': 'A', 'why': 'it says so',}`],
    ["without quotes on names", `{verdict: "A", why: "it says so"}`],
    ["cut off at the end", `{"verdict": "A", "why": "it says so"`],
  ])("%s", (_what, reply) => {
    expect(readJson(reply, schema)).toStrictEqual({ data: good, problem: null });
  });

  test.each([
    ["prose", "I cannot decide.", /no JSON/],
    ["nothing", "", /no JSON/],
    ["another form", `{"verdict": "C", "why": "x"}`, /verdict/],
    ["a missing field", `{"verdict": "A"}`, /why/],
    ["a list", `["A"]`, /expected fields/],
  ])("but %s is a problem, never data", (_what, reply, problem) => {
    expect(readJson(reply, schema)).toMatchObject({ data: null, problem: expect.stringMatching(problem) });
  });
});

const options = { seed: "s", temperature: 1, maxTokens: 99 };

test("completeJson asks again with another draw until the form is right", async () => {
  const replies = ["hm", `{"verdict": "Z"}`, JSON.stringify(good)];
  const model = new FakeModel(() => replies.shift()!);
  expect(await completeJson(model, [{ role: "user", content: "?" }], schema, options)).toStrictEqual(good);
  expect(model.seen).toHaveLength(3);
});

test("and fails with the last reason when it never is", async () => {
  const model = new FakeModel(() => "no");
  const asked = completeJson(model, [{ role: "user", content: "?" }], schema, { ...options, attempts: 2 });
  await expect(asked).rejects.toThrow(/no usable JSON in 2 replies; the last: no JSON/);
});
