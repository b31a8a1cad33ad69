import { AIMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { complete, releaseModel, resolveChatModel } from "../../src/models/index.js";
import { FakeModel } from "../fakes/model.js";

const options = { seed: 1, temperature: 1, maxTokens: 9 };

test.each([
  [{ finish_reason: "length" }, "length", true],
  [{ stop_reason: "max_tokens" }, "length", true],
  [{ finishReason: "MAX_TOKENS" }, "length", true],
  [{ done_reason: "length" }, "length", true],
  [{ finish_reason: "content_filter" }, "content_filter", true],
  [{ finish_reason: "stop" }, "stop", false],
  [{ stop_reason: "end_turn" }, "stop", false],
  [{ finish_reason: "tool_calls" }, "tool_calls", false],
  [{ finish_reason: null }, null, false],
  [{ finish_reason: "constructor" }, "constructor", false],
  [{}, null, false],
])("why a reply ended: %j", async (response_metadata, finish, cut) => {
  const model = new FakeModel(() => "");
  model._generate = async () => ({
    generations: [{ text: "hm", message: new AIMessage({ content: "hm", response_metadata }) }],
  });
  expect(await complete(model, [], options)).toMatchObject({ text: "hm", finish, cut });
});

test("half of a surrogate pair enters as a replacement character, a whole pair as it is", async () => {
  const model = new FakeModel(() => "a\uD83D b \uDE00 \u{1F600}\uD83D");
  const { text } = await complete(model, [], options);
  expect(text).toBe("a\uFFFD b \uFFFD \u{1F600}\uFFFD");
});

test("the embedded model's reply is cut where it reaches the longest length, and whole where it ends by itself", async () => {
  const minnow = await resolveChatModel("minnow");
  const asked = [
    { role: "system" as const, content: "you are minnow. you answer questions." },
    { role: "user" as const, content: "what is 3 plus 4?" },
  ];
  expect(await complete(minnow, asked, { ...options, maxTokens: 2 })).toMatchObject({
    finish: "length",
    cut: true,
  });
  expect(await complete(minnow, asked, { ...options, maxTokens: 48 })).toMatchObject({
    finish: "stop",
    cut: false,
  });
  await releaseModel(minnow);
});
