import { describe, expect, it } from "vitest";
import type { Message } from "../../src/models/types.js";
import { type EncodeChat, tokenisePair, tokeniseRow } from "../../src/training/tokenise.js";

// One token a character: S, U, A open a turn and E ends one, as in most chat templates.
const encode: EncodeChat = (messages, { addGenerationPrompt }) => {
  const text = messages.map(({ role, content }) => `${role[0]!.toUpperCase()}${content}E`).join("");
  return [...(addGenerationPrompt ? `${text}A` : text)].map((character) => character.charCodeAt(0));
};
const text = (ids: ArrayLike<number>) => String.fromCharCode(...Array.from(ids));
const prompt: Message[] = [
  { role: "system", content: "sys" },
  { role: "user", content: "ask" },
];
const completion: Message[] = [{ role: "assistant", content: "yes" }];

describe("tokeniseRow", () => {
  it("learns the completion with its end token, and nothing of the prompt", () => {
    const { ids, completionStart } = tokeniseRow(encode, { prompt, completion }, 100);
    expect(text(ids)).toBe("SsysEUaskEAyesE");
    expect(text(ids).slice(completionStart)).toBe("yesE");
  });

  it("drops the oldest tokens of a prompt that is too long", () => {
    const { ids, completionStart } = tokeniseRow(encode, { prompt, completion }, 8);
    expect(text(ids)).toBe("skEAyesE");
    expect(completionStart).toBe(4);
  });

  it("keeps one token of the prompt where the completion alone is too long", () => {
    const { ids, completionStart } = tokeniseRow(encode, { prompt, completion }, 3);
    expect(text(ids)).toBe("Aye");
    expect(completionStart).toBe(1);
  });

  it("finds the completion where the template's generation prompt says more than a reply does", () => {
    const thinking: EncodeChat = (messages, options) => [
      ...encode(messages, options),
      ...(options.addGenerationPrompt ? encode([], { addGenerationPrompt: true }) : []),
    ];
    const { ids, completionStart } = tokeniseRow(thinking, { prompt, completion }, 100);
    expect(text(ids).slice(completionStart)).toBe("yesE");
  });

  it("refuses a completion without tokens", () => {
    const silent: EncodeChat = (messages) => encode(messages.slice(0, 2), { addGenerationPrompt: false });
    expect(() => tokeniseRow(silent, { prompt, completion }, 100)).toThrow(/no tokens/);
  });

  it("cuts no word in two where it can read", () => {
    // Two letters a token: a text that begins in the middle of one gives others.
    const pairs = (text: string) =>
      text.match(/.{1,2}/gs)!.map((pair) => pair.charCodeAt(0) * 256 + (pair.charCodeAt(1) || 0));
    const reader = {
      encode: (text: string) => pairs(text.startsWith("x") ? `?${text}` : text),
      decode: (ids: readonly number[]) =>
        ids.map((id) => String.fromCharCode(id >> 8, id % 256).replace("\0", "")).join(""),
    };
    const chat: EncodeChat = (messages) => pairs(messages.map(({ content }) => content).join(""));
    const row = {
      prompt: [{ role: "user" as const, content: "aabbxxcc" }],
      completion: [{ role: "assistant" as const, content: "dd" }],
    };
    const kept = (most: number) => reader.decode(Array.from(tokeniseRow(chat, row, most, reader).ids));
    expect([5, 4, 3, 2].map(kept)).toStrictEqual(["aabbxxccdd", "bbxxccdd", "ccdd", "ccdd"]);
  });
});

describe("tokenisePair", () => {
  it("keeps the same part of the prompt on both sides", () => {
    const { chosen, rejected } = tokenisePair(
      encode,
      { prompt, chosen: completion, rejected: [{ role: "assistant", content: "certainly" }] },
      14,
    );
    expect([text(chosen.ids), text(rejected.ids)]).toEqual(["skEAyesE", "skEAcertainlyE"]);
    expect([chosen.completionStart, rejected.completionStart]).toEqual([4, 4]);
  });
});
