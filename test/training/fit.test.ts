import { expect, test } from "vitest";
import { loadTokenizer } from "../../src/engine/index.js";
import { exportLlamaFactory, exportTrl, type SftRow } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { fitRows, settingsFor } from "../../src/training/index.js";
import { tokeniseRow } from "../../src/training/tokenise.js";
import { base } from "./one-answer.js";

const rows: SftRow[] = Array.from({ length: 6 }, (_, row) => ({
  prompt: [
    { role: "system", content: "you are kind and you tell the truth at sea" },
    { role: "user", content: "is the boat safe ".repeat(row) },
  ],
  completion: [{ role: "assistant", content: "it is not safe for you ".repeat(1 + (row % 3)) }],
  source: { interaction: `i${row}`, exchange: 0 },
}));
const data = { method: "sft" as const, rows };

test.each([12, 20, 30])(
  "rows cut to %d tokens are texts of the tokens that our own trainer takes",
  async (most) => {
    const tokenizer = await loadTokenizer(base);
    const { raw, shortened } = (await fitRows(data, base, most))!;
    expect(raw).toHaveLength(rows.length);
    // Counted from the whole rows: which of them have lost a part of what.
    const lost = raw.map(({ prompt, completions }, at) => {
      const { ids, completionStart } = tokeniseRow(tokenizer.encodeChat, rows[at]!, 10_000, tokenizer);
      const [before, said] = [tokenizer.encode(prompt), tokenizer.encode(prompt + completions[0]!)];
      return {
        prompt: before.length < completionStart,
        reply: said.length - before.length < ids.length - completionStart,
      };
    });
    expect(shortened).toEqual({
      prompts: lost.filter(({ prompt }) => prompt).length,
      replies: lost.filter(({ reply }) => reply).length,
    });
    expect(shortened!.prompts).toBeGreaterThan(0);
    for (const [at, { prompt, completions }] of raw.entries()) {
      const { ids, completionStart } = tokeniseRow(tokenizer.encodeChat, rows[at]!, most, tokenizer);
      expect(ids.length).toBeLessThanOrEqual(most);
      expect(tokenizer.encode(prompt)).toStrictEqual(Array.from(ids).slice(0, completionStart));
      expect(tokenizer.encode(prompt + completions[0]!)).toStrictEqual(Array.from(ids));
    }
  },
);

test("rows that fit stay messages, and so do those of a model that is only a name", async () => {
  expect(await fitRows(data, base, 500)).toBeUndefined();
  expect(await fitRows(data, "nobody/has-it", 12)).toBeUndefined();
});

test("what is exported says which it is", async () => {
  const { training } = scenarioSchema.parse({ name: "x", training: { max_length: 20, warmup_ratio: 1 } });
  const request = { data, settings: settingsFor(training, data, 1), model: base, seed: 1 };
  const { raw } = (await fitRows(data, base, 20))!;
  const cut = exportTrl({ ...request, raw });
  const [row] = cut["train.jsonl"]!.split("\n").map((line) => line && JSON.parse(line));
  expect(row).toMatchObject({
    prompt: [{ role: "user", content: raw[0]!.prompt }],
    completion: [{ role: "assistant", content: raw[0]!.completions[0] }],
    chat_template_kwargs: { chat_template: expect.stringContaining("message['content']") },
  });
  expect(cut["trl.yaml"]).toMatch(/have lost the oldest part of their prompt/);
  expect(cut["trl.yaml"]).toMatch(/^warmup_steps: 0\.999999999$/m);
  expect(exportTrl(request)["trl.yaml"]).toMatch(/TRL cuts so/);
  const factory = exportLlamaFactory({ ...request, raw });
  expect(factory["llama_factory.yaml"]).toMatch(/^template: "empty"$/m);
  expect(JSON.parse(factory["train.json"]!)[0].messages).toHaveLength(2);
});
