import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadTokenizer } from "../../src/engine/index.js";
import { UserError } from "../../src/errors.js";
import type { Message } from "../../src/models/types.js";

// Values from transformers: test/reference/make_tokenizer_fixtures.py.
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

type Expected = {
  eos: number;
  texts: { text: string; ids: number[]; with_special: number[]; decoded: string; decoded_all: string }[];
  chats: { messages: Message[]; add_generation_prompt: boolean; text: string; ids: number[] }[];
};

const hello: Message[] = [{ role: "user", content: "The boat." }];

describe.each(["word-piece", "smol", "llama", "smol-cleaned", "word-piece-cleaned"])("%s", (name) => {
  const expected = JSON.parse(readFileSync(join(fixture(name), "expected.json"), "utf8")) as Expected;

  test.each(expected.texts)("encodes and decodes $text as transformers does", async (row) => {
    const tokenizer = await loadTokenizer(fixture(name));
    // Twice: the second time from memory.
    for (let time = 0; time < 2; time += 1) expect(tokenizer.encode(row.text)).toStrictEqual(row.ids);
    expect(tokenizer.encode(row.text, { addSpecialTokens: true })).toStrictEqual(row.with_special);
    expect(tokenizer.decode(row.ids)).toBe(row.decoded);
    expect(tokenizer.decode(row.ids, { keepSpecialTokens: true })).toBe(row.decoded_all);
  });

  test.each(expected.chats)("writes a chat as transformers does: $text", async (row) => {
    const tokenizer = await loadTokenizer(fixture(name));
    const options = { addGenerationPrompt: row.add_generation_prompt };
    expect(tokenizer.applyChatTemplate(row.messages, options)).toBe(row.text);
    expect(tokenizer.encodeChat(row.messages, options)).toStrictEqual(row.ids);
  });

  test("a text's own tokens say it again", async () => {
    const tokenizer = await loadTokenizer(fixture(name));
    const words = fc.array(fc.constantFrom("the", "boat", "quiet", "harbour", "xyz", "17"), { minLength: 1 });
    fc.assert(
      fc.property(words, (list) => {
        const text = list.join(" ");
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  test("knows its end", async () => {
    const tokenizer = await loadTokenizer(fixture(name));
    expect(tokenizer.eosTokenIds).toStrictEqual([expected.eos]);
  });
});

describe("a folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "candor-tokenizer-"));
    cpSync(fixture("smol"), dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const write = (name: string, value: unknown) => writeFileSync(join(dir, name), JSON.stringify(value));

  test("without a tokenizer is refused by name", async () => {
    rmSync(join(dir, "tokenizer.json"));
    await expect(loadTokenizer(dir)).rejects.toThrow(`${join(dir, "tokenizer.json")}: no such file`);
  });

  test("with a broken tokenizer is refused by name", async () => {
    writeFileSync(join(dir, "tokenizer.json"), "{");
    await expect(loadTokenizer(dir)).rejects.toThrow(UserError);
    write("tokenizer.json", { model: { type: "Abacus", vocab: {}, merges: [] } });
    await expect(loadTokenizer(dir)).rejects.toThrow("tokenizer.json cannot be used");
  });

  const bpe = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] };
  test.each([
    [null, /:1:1 expected fields/],
    [[], /:1:1 expected fields/],
    [{}, /model/],
    [{ model: null }, /model/],
    [{ model: { ...bpe, vocab: null } }, /vocab/],
    [{ model: { ...bpe, vocab: { a: "one" } } }, /vocab/],
    [{ model: { ...bpe, merges: 3 } }, /merges/],
    [{ model: { ...bpe, merges: [3] } }, /./],
    [{ model: bpe, added_tokens: 7 }, /added_tokens/],
    [{ model: bpe, added_tokens: [null] }, /added_tokens\[0\]/],
    [{ model: bpe, added_tokens: [{ id: -1, content: "x" }] }, /added_tokens\[0\]\.id/],
    [{ model: bpe, added_tokens: [{ id: 3 }] }, /added_tokens\[0\]\.content/],
    [{ model: bpe, pre_tokenizer: { type: "Split" } }, /./],
    [{ model: bpe, pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } }, /./],
    [{ model: bpe, pre_tokenizer: 5 }, /./],
    [{ model: bpe, normalizer: { type: "Sequence" } }, /./],
    [{ model: bpe, normalizer: { type: "Unheard" } }, /./],
    [{ model: bpe, post_processor: { type: "TemplateProcessing" } }, /./],
    [{ model: bpe, decoder: { type: "Sequence", decoders: [{}] } }, /./],
  ])("with the tokenizer %j is refused by name, or used", async (value, message) => {
    write("tokenizer.json", value);
    const opened = loadTokenizer(dir).then(
      ({ encode, decode }) => decode(encode("ab ba")),
      (error: unknown) => {
        expect(error).toBeInstanceOf(UserError);
        expect((error as Error).message).toContain(join(dir, "tokenizer.json"));
        expect((error as Error).message).toMatch(message);
      },
    );
    await opened;
  });

  test.each([
    [null, "expected fields"],
    [[], "expected fields"],
    [{ eos_token: 5 }, "eos_token"],
    [{ chat_template: 5 }, "chat_template"],
    [{ chat_template: [{ name: "default" }] }, "chat_template"],
    [{ clean_up_tokenization_spaces: "no" }, "clean_up_tokenization_spaces"],
  ])("with the settings %j is refused by name", async (value, message) => {
    write("tokenizer_config.json", value);
    await expect(loadTokenizer(dir)).rejects.toThrow(UserError);
    await expect(loadTokenizer(dir)).rejects.toThrow(`${join(dir, "tokenizer_config.json")}:1:`);
    await expect(loadTokenizer(dir)).rejects.toThrow(message);
  });

  test("without a chat template tokenises, but holds no conversation", async () => {
    rmSync(join(dir, "chat_template.jinja"));
    const tokenizer = await loadTokenizer(dir);
    expect(tokenizer.encode("boat")).not.toHaveLength(0);
    expect(() => tokenizer.encodeChat(hello, { addGenerationPrompt: true })).toThrow("has no chat template");
  });

  test("may keep its template in tokenizer_config.json, several by name", async () => {
    rmSync(join(dir, "chat_template.jinja"));
    write("tokenizer_config.json", {
      eos_token: { content: "<|im_end|>" },
      chat_template: [
        { name: "tools", template: "no" },
        { name: "default", template: "{{ messages[0].content }}{{ eos_token }}" },
      ],
    });
    const tokenizer = await loadTokenizer(dir);
    expect(tokenizer.applyChatTemplate(hello, { addGenerationPrompt: true })).toBe("The boat.<|im_end|>");
  });

  test("may name further end tokens in generation_config.json", async () => {
    write("generation_config.json", { eos_token_id: [0, 2] });
    expect((await loadTokenizer(dir)).eosTokenIds).toStrictEqual([2, 0]);
  });

  test("whose template objects says so as a mistake of the conversation", async () => {
    writeFileSync(join(dir, "chat_template.jinja"), "{{ raise_exception('roles must alternate') }}");
    const tokenizer = await loadTokenizer(dir);
    expect(() => tokenizer.applyChatTemplate(hello, { addGenerationPrompt: true })).toThrow(
      /refuses this conversation: roles must alternate/,
    );
  });

  test("whose template asks for the date gets none: prompts do not change by the day", async () => {
    writeFileSync(
      join(dir, "chat_template.jinja"),
      "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}no day{% endif %}",
    );
    const tokenizer = await loadTokenizer(dir);
    expect(tokenizer.applyChatTemplate(hello, { addGenerationPrompt: true })).toBe("no day");
  });

  test("whose template is not Jinja is refused", async () => {
    writeFileSync(join(dir, "chat_template.jinja"), "{% if %}");
    await expect(loadTokenizer(dir)).rejects.toThrow(UserError);
  });
});
