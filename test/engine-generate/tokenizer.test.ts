import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadTokenizer } from "../../src/engine/index.js";
import { bounder } from "../../src/engine/tokenizer/bounded.js";
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

describe.each(["word-piece", "smol", "llama", "smol-cleaned", "word-piece-cleaned", "pieces"])(
  "%s",
  (name) => {
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
      const words = fc.array(fc.constantFrom("the", "boat", "quiet", "harbour", "xyz", "17"), {
        minLength: 1,
      });
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
  },
);

type Added = {
  base: string;
  normalizer: unknown;
  added: { content: string }[];
  rows: { text: string; ids: number[]; drawn: number[]; decoded: [of: string[], drawn: string[]] }[];
};

describe("tokens that were added are found and said as transformers does", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "candor-added-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const cases = JSON.parse(readFileSync(fixture("added.json"), "utf8")) as Added[];
  test.each(cases.map((one, index) => ({ ...one, name: `${index} ${one.base}` })))(
    "$name $added",
    async ({ base, normalizer, added, rows }) => {
      cpSync(fixture(base), dir, { recursive: true });
      const path = join(dir, "tokenizer.json");
      const json = JSON.parse(readFileSync(path, "utf8")) as { added_tokens: object[] };
      json.added_tokens.push(...added);
      writeFileSync(path, JSON.stringify({ ...json, normalizer }));
      const { encode, decode } = await loadTokenizer(dir);
      for (const { text, ids, drawn, decoded } of rows) {
        // Twice: the second time from memory.
        for (let time = 0; time < 2; time += 1) expect({ text, ids: encode(text) }).toEqual({ text, ids });
        const said = [ids, drawn].map((some) => [decode(some), decode(some, { keepSpecialTokens: true })]);
        expect({ text, said }).toEqual({ text, said: decoded });
      }
    },
  );
});

/** Word pieces with a normalizer and tokens that were added to them. */
function withAdded(dir: string, normalizer: object, contents: readonly string[]): void {
  cpSync(fixture("word-piece"), dir, { recursive: true });
  const path = join(dir, "tokenizer.json");
  const json = JSON.parse(readFileSync(path, "utf8")) as { added_tokens: object[] };
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: true, special: false };
  json.added_tokens.push(...contents.map((content, at) => ({ ...plain, content, id: 118 + at })));
  writeFileSync(path, JSON.stringify({ ...json, normalizer }));
}

describe("added tokens", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "candor-added-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test("that are alike once they are normalized count as the first", async () => {
    withAdded(dir, { type: "Lowercase" }, ["Foo", "foo", "FOO"]);
    expect((await loadTokenizer(dir)).encode("foo FOO")).toEqual([118, 118]);
  });

  test("of which the normalizer leaves nothing are refused by name", async () => {
    withAdded(dir, { type: "Strip", strip_left: true, strip_right: true }, ["  "]);
    await expect(loadTokenizer(dir)).rejects.toThrow(
      `${dir}/tokenizer.json cannot be used: its normalizer leaves nothing of the added token "  "`,
    );
  });

  test("are not met in what a user writes in capitals", async () => {
    const { encode } = await loadTokenizer(fixture("word-piece"));
    const end = encode("<|end|>");
    expect([end, encode("<|user|><|END|><|end|>").filter((id) => id === end[0])]).toEqual([[4], [4]]);
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
  const whole = {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
  };
  test.each([
    [null, /:1:1 expected fields/],
    [[], /:1:1 expected fields/],
    [{}, /model/],
    [{ model: null }, /model/],
    [{ ...whole, model: { ...bpe, vocab: null } }, /vocab/],
    [{ ...whole, model: { ...bpe, vocab: { a: "one" } } }, /vocab/],
    [{ ...whole, model: { ...bpe, merges: 3 } }, /merges/],
    [{ ...whole, model: { ...bpe, merges: [3] } }, /./],
    [{ ...whole, model: bpe, added_tokens: 7 }, /added_tokens/],
    [{ ...whole, model: bpe, added_tokens: [null] }, /added_tokens\[0\]/],
    [{ ...whole, model: bpe, added_tokens: [{ id: -1, content: "x" }] }, /added_tokens\[0\]\.id/],
    [{ ...whole, model: bpe, added_tokens: [{ id: 3 }] }, /added_tokens\[0\]\.content/],
    [{ ...whole, model: bpe, pre_tokenizer: { type: "Split" } }, /./],
    [
      {
        ...whole,
        model: bpe,
        pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" },
      },
      /./,
    ],
    [{ ...whole, model: bpe, pre_tokenizer: 5 }, /./],
    [{ ...whole, model: bpe, normalizer: { type: "Sequence" } }, /./],
    [{ ...whole, model: bpe, normalizer: { type: "Unheard" } }, /./],
    [{ ...whole, model: bpe, post_processor: { type: "TemplateProcessing" } }, /./],
    [{ ...whole, model: bpe, decoder: { type: "Sequence", decoders: [{}] } }, /./],
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

  test("whose regular expression goes back for ever is refused when it is opened", async () => {
    const pattern = { Regex: "(a+)+$" };
    write("tokenizer.json", { ...whole, model: bpe, normalizer: { type: "Replace", pattern, content: "" } });
    await expect(loadTokenizer(dir)).rejects.toThrow(
      `${dir}/tokenizer.json cannot be used: its regular expressions take more than`,
    );
  });

  test.each(["(a+)+$", "(?:a|a)*b$", "(?:(?:[a-z])*)*1x$", "(.*)*[^!]$"])(
    "%j is stopped in its time",
    (Regex) => {
      const bounded = bounder(
        { pre_tokenizer: { type: "Sequence", pretokenizers: [{ pattern: { Regex } }] } },
        200,
      );
      expect(() => bounded(1, () => `${"a".repeat(64)}!`.match(new RegExp(Regex, "u")))).toThrow(
        "take more than 0.201 s",
      );
      expect(bounded(1, () => 3)).toBe(3);
      expect(() =>
        bounded(1, () => {
          throw new TypeError("its own");
        }),
      ).toThrow(TypeError);
    },
  );

  test("is stopped as well where the machine is busy, and this process has a turn now and then", () => {
    let spent = 0;
    const cpu = vi.spyOn(process, "cpuUsage").mockImplementation((since) => {
      spent += 60_000;
      return { user: spent - (since?.user ?? 0), system: 0 };
    });
    try {
      const bounded = bounder({ normalizer: { pattern: { Regex: "(a+)+$" } } }, 200);
      expect(() => bounded(1, () => `${"a".repeat(64)}!`.match(/(a+)+$/u))).toThrow("take more than 0.201 s");
    } finally {
      cpu.mockRestore();
    }
  });

  test("whose regular expression shows itself later is stopped then", async () => {
    const split = { type: "Split", pattern: { Regex: "z(z+)+$|." }, behavior: "Isolated", invert: false };
    write("tokenizer.json", { ...whole, model: bpe, pre_tokenizer: split });
    const { encode } = await loadTokenizer(dir);
    expect(encode("abba")).toEqual([0, 1, 1, 0]);
    expect(() => encode(`${"z".repeat(60)}!`)).toThrow(UserError);
    // And it goes on.
    expect(encode("ba")).toEqual([1, 0]);
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
