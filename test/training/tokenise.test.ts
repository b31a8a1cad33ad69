import { describe, expect, it } from "vitest";
import type { Message } from "../../src/models/types.js";
import { type EncodeChat, tokeniseRow } from "../../src/training/tokenise.js";

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
});
