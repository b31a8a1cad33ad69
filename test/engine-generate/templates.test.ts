import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileChatTemplate } from "../../src/engine/tokenizer/chat-template.js";
import { UserError } from "../../src/errors.js";
import type { Message } from "../../src/models/types.js";
import { packageFile } from "../../src/package-root.js";
import { warmCommand } from "../reference/one-python.js";
import { pythonWith } from "../reference/python.js";

// Values from transformers and Python's jinja2: test/reference/make_template_fixtures.py.
const { chats, families } = JSON.parse(
  readFileSync(packageFile("test/engine-generate/fixtures/templates/templates.json"), "utf8"),
) as { chats: Message[][]; families: { name: string; template: string; texts: [string, string][] }[] };

const tokens = { bos_token: "<s>", eos_token: "</s>" };

/** Null where the template refuses the conversation. */
function written(template: string, messages: Message[], prompt: boolean): string | null {
  try {
    return compileChatTemplate(template, tokens, "model")(messages, prompt);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

test.each(families)("$name is written as transformers writes it", ({ template, texts }) => {
  for (const [at, chat] of chats.entries())
    for (const [column, prompt] of [true, false].entries())
      expect(written(template, chat, prompt)).toBe(texts[at]![column]);
});

describe("where the template library differs from Python's", () => {
  const hello: Message[] = [{ role: "user", content: "\n hi \n" }];
  const one = (template: string) => compileChatTemplate(template, tokens, "model")(hello, true);
  test.each([
    ["{% for i in range(3) %}[{{ i }}{% continue %}x{% endfor %}", "[0[1[2"],
    ["{% for i in range(3) %}[{{ i }}{% if i == 1 %}!{% break %}{% endif %}]{% endfor %}.", "[0][1!."],
    ["{% for m in messages %}{{ m.content.strip('\\n') }}|{% endfor %}", " hi |"],
    ["{{ 'xxaxx'.lstrip('x') }}{{ 'xxaxx'.rstrip('x') }}{{ 'xxaxx'.strip('x') }}", "axxxxaa"],
    ["{% for i in range(2) %}{{ x }}{% set x = i %}{% endfor %}", ""],
    ["{{ 1 == '1' }}{{ none == undefinedvar }}{{ [1] == [1] }}{{ none }}", "FalseFalseTrueNone"],
    ["{% if tools is not none %}tools{% endif %}{{ tools is defined }}", "True"],
  ])("%s", (template, text) => {
    expect(one(template)).toBe(text);
  });
});

describe("a template that would never end is refused", () => {
  const chat: Message[] = [{ role: "user", content: "hi" }];
  test.each([
    ["a huge range", "{% for i in range(1000000000) %}x{% endfor %}"],
    ["a huge range that nobody goes through", "{% set x = range(1000000000) %}"],
    ["loops in loops", `${"{% for i in range(1000) %}".repeat(4)}${"{% endfor %}".repeat(4)}`],
    [
      "a text that doubles",
      "{% set n = namespace(x='ab') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    ],
    [
      "a list that doubles",
      "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    ],
    ["a macro that calls itself", "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}"],
    ["a wide indent", "{{ 'a\\nb'|indent(400000000) }}"],
    ["a long chain", `{{ messages${".x".repeat(5000)} }}`],
    ["deep brackets", `{{ ${"(".repeat(50_000)}1${")".repeat(50_000)} }}`],
    ["a huge source", "x".repeat(2_000_000)],
  ])("%s", (_, template) => {
    expect(written(template, chat, true)).toBeNull();
  });

  test("and one for a conversation of a thousand turns is not", () => {
    const long = Array.from(
      { length: 1000 },
      (_, turn): Message => ({
        role: turn % 2 === 0 ? "user" : "assistant",
        content: `<think>\n${"why ".repeat(50)}</think>\n\n${"so ".repeat(200)}`,
      }),
    );
    for (const { name, template } of families)
      if (name !== "loops") expect(written(template, long, true), name).not.toBeNull();
  });
});

const python = pythonWith("torch", "transformers", "peft", "trl", "jinja2");
test.skipIf(!python)(
  "two thousand random templates (skipped without torch, transformers, PEFT and TRL): the same text, or refused",
  async () => {
    const [program, ...asking] = await warmCommand(python!);
    const script = packageFile("test/reference/make_template_fixtures.py");
    const cases = JSON.parse(
      execFileSync(program, [...asking, script, "--random", "20261128", "2000"], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      }),
    ) as { template: string; messages: Message[]; add_generation_prompt: boolean; text: string | null }[];
    let same = 0;
    for (const { template, messages, add_generation_prompt, text } of cases) {
      const ours = written(template, messages, add_generation_prompt);
      if (ours === null) continue;
      expect(ours, JSON.stringify({ template, messages })).toBe(text);
      same += 1;
    }
    // Most random templates are mistakes; of the rest few use what is not supported.
    expect(same).toBeGreaterThan(0.8 * cases.filter(({ text }) => text !== null).length);
  },
);
