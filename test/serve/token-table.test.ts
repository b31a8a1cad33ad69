import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadTokenizer } from "../../src/engine/index.js";
import { placeTokens } from "../../src/serve/place-tokens.js";
import { chatLogprobs, completionLogprobs } from "../../src/serve/token-table.js";

const smol = await loadTokenizer(fileURLToPath(new URL("../engine-generate/fixtures/smol", import.meta.url)));
const bytes = (text: string) => [...Buffer.from(text)];

describe("tokens of a text of bytes", () => {
  const text = "é🙂 boat";
  const ids = smol.encode(text);
  const scored = {
    ids,
    logprobs: ids.map((_, at) => -at),
    alternatives: ids.map((id, at) => [
      { id, logprob: -at },
      { id: ids[0]!, logprob: -9 },
    ]),
  };

  test("have their own bytes, also those that are a part of a letter", () => {
    const { content } = chatLogprobs(smol, scored);
    expect(content.flatMap((token) => token.bytes)).toStrictEqual(bytes(text));
    const parts = content.filter(({ token }) => token.startsWith("bytes:"));
    expect(parts.length).toBeGreaterThan(1);
    for (const { token, bytes } of parts)
      expect(token).toBe(`bytes:${bytes.map((byte) => `\\x${byte.toString(16)}`).join("")}`);
    expect(content.map(({ token }) => token)).not.toContain("\uFFFD");
  });

  test("stand where their letter stands, and are told apart", () => {
    const { tokens, text_offset, top_logprobs, token_logprobs } = completionLogprobs(smol, scored, {
      before: [],
      text,
    });
    const letters = [...text];
    for (const [at, token] of tokens.entries())
      if (!token.startsWith("bytes:"))
        expect(letters.slice(text_offset[at], text_offset[at]! + [...token].length).join("")).toBe(token);
    expect(text_offset[0]).toBe(0);
    expect(text_offset.at(-1)).toBeLessThan(letters.length);
    for (const [at, top] of top_logprobs.entries()) expect(top![tokens[at]!]).toBe(token_logprobs[at]);
    // Two tokens, two entries, but for the first, which is both.
    expect(top_logprobs.map((top) => Object.keys(top!).length)).toStrictEqual([
      1,
      ...ids.slice(1).map((id) => (id === ids[0] ? 1 : 2)),
    ]);
  });
});

test("two tokens that show alike keep an entry each", async () => {
  const pieces = await loadTokenizer(
    fileURLToPath(new URL("../engine-generate/fixtures/word-piece", import.meta.url)),
  );
  const [boat] = pieces.encode("boat");
  const unknown = {
    ...pieces,
    decode: (ids: readonly number[]) => (ids.length > 0 ? "same" : ""),
    bytes: () => null,
  };
  const { top_logprobs, tokens } = completionLogprobs(
    unknown,
    {
      ids: [boat!],
      logprobs: [-2],
      alternatives: [
        [
          { id: 5, logprob: -1 },
          { id: 6, logprob: -1.5 },
        ],
      ],
    },
    { before: [], text: "same" },
  );
  expect(tokens).toStrictEqual(["same"]);
  expect(top_logprobs).toStrictEqual([{ same: -2, "token_id:5": -1, "token_id:6": -1.5 }]);
});

test.each([
  ["the boat", ["the", " boat"], [0, 3]],
  ["The Boat", ["the", " boat"], [0, 4]],
  ["the boat", ["<|begin|>", "the", " boat", "<|end|>"], [0, 0, 3, 8]],
  ["<|user|> x", ["<|user|>", " x"], [0, 8]],
  ["naïve", ["na", "ï", "ve"], [0, 2, 3]],
  ["🙂a", ["🙂", "a"], [0, 1]],
  ["", ["a"], [0]],
])("places in %s of %j", (text, tokens, offsets) => {
  expect(placeTokens(text, tokens.map(bytes))).toStrictEqual(offsets);
});
