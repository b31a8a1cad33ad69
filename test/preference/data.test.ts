import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assemble } from "../../src/preference/data/assemble.js";
import { readDataFile } from "../../src/preference/data/read-file.js";
import { readRow } from "../../src/preference/data/read-row.js";
import { openSource, type SftRow, type SourceSettings, studiedShare } from "../../src/preference/index.js";
import { loadSource } from "../../src/resources/index.js";

const user = (content: string) => ({ role: "user" as const, content });
const assistant = (content: string) => ({ role: "assistant" as const, content });
const system = (content: string) => ({ role: "system" as const, content });

describe("readRow", () => {
  const lesson = { prompt: [user("q")], completion: [assistant("a")] };
  const half = { prompt: [user("q\ufffd")], completion: [assistant("\ufffda")] };

  it.each([
    ["halves of a letter, which no file can hold", { prompt: "q\ud83d", completion: "\ude42a" }, [half]],
    ["the same in messages", { messages: [user("q\ud83d"), assistant("\ude42a")] }, [half]],
    ["the same in Alpaca's fields", { instruction: "q\ud83d", output: "\ude42a" }, [half]],
    ["TRL texts", { prompt: "q", completion: "a" }, [lesson]],
    ["TRL messages", { prompt: [user("q")], completion: [assistant("a")] }, [lesson]],
    ["TRL for KTO", { prompt: "q", completion: "a", label: false }, [{ ...lesson, label: false }]],
    ["chat", { messages: [user("q"), assistant("a")] }, [lesson]],
    [
      "chat of several replies",
      { messages: [system("s"), user("q"), assistant("a"), user("r"), assistant("b")] },
      [
        { prompt: [system("s"), user("q")], completion: [assistant("a")] },
        { prompt: [system("s"), user("q"), assistant("a"), user("r")], completion: [assistant("b")] },
      ],
    ],
    [
      "ShareGPT",
      {
        conversations: [
          { from: "system", value: "s" },
          { from: "human", value: "q" },
          { from: "gpt", value: "a" },
        ],
      },
      [{ prompt: [system("s"), user("q")], completion: [assistant("a")] }],
    ],
    [
      "ShareGPT with its system apart",
      {
        system: "s",
        conversations: [
          { from: "human", value: "q" },
          { from: "gpt", value: "a" },
        ],
      },
      [{ prompt: [system("s"), user("q")], completion: [assistant("a")] }],
    ],
    ["Alpaca", { instruction: "q", input: "", output: "a" }, [lesson]],
    [
      "Alpaca with input",
      { instruction: "q", input: "i", output: "a" },
      [{ prompt: [user("q\n\ni")], completion: [assistant("a")] }],
    ],
    [
      "TRL for DPO",
      { prompt: "q", chosen: "a", rejected: "b" },
      [{ prompt: [user("q")], chosen: [assistant("a")], rejected: [assistant("b")] }],
    ],
    [
      "TRL for DPO with the prompt in both",
      { chosen: [user("q"), assistant("a")], rejected: [user("q"), assistant("b")] },
      [{ prompt: [user("q")], chosen: [assistant("a")], rejected: [assistant("b")] }],
    ],
    [
      "KTO on a conversation, a verdict on its end",
      { messages: [user("q"), assistant("a"), user("r"), assistant("b")], kto_tag: true },
      [
        {
          prompt: [user("q"), assistant("a"), user("r")],
          completion: [assistant("b")],
          label: true,
        },
      ],
    ],
    [
      "a system message beside a prompt",
      { system: "s", prompt: "q", completion: "a" },
      [{ prompt: [system("s"), user("q")], completion: [assistant("a")] }],
    ],
    [
      "a system message beside a conversation with a pair",
      { system: "s", conversations: [{ from: "human", value: "q" }], chosen: "a", rejected: "b" },
      [{ prompt: [system("s"), user("q")], chosen: [assistant("a")], rejected: [assistant("b")] }],
    ],
    [
      "Alpaca with its history and system",
      { instruction: "r", output: "b", history: [["q", "a"]], system: "s" },
      [{ prompt: [system("s"), user("q"), assistant("a"), user("r")], completion: [assistant("b")] }],
    ],
    [
      "replies of weight 0 as what was said, not what to learn",
      {
        messages: [user("q"), { ...assistant("a"), weight: 0 }, user("r"), { ...assistant("b"), weight: 1 }],
      },
      [{ prompt: [user("q"), assistant("a"), user("r")], completion: [assistant("b")] }],
    ],
    [
      "a prompt whose system message the whole talks lack",
      {
        prompt: [system("s"), user("q")],
        chosen: [user("q"), assistant("a")],
        rejected: [user("q"), assistant("b")],
      },
      [{ prompt: [system("s"), user("q")], chosen: [assistant("a")], rejected: [assistant("b")] }],
    ],
    [
      "a prompt that the whole talks repeat, and the chosen talk as messages",
      {
        prompt: "q",
        prompt_id: "x",
        messages: [user("q"), assistant("a")],
        chosen: [user("q"), assistant("a")],
        rejected: [user("q"), assistant("b")],
        score_chosen: 8,
      },
      [{ prompt: [user("q")], chosen: [assistant("a")], rejected: [assistant("b")] }],
    ],
    [
      "empty places that exporters leave",
      {
        prompt: "q",
        completion: [{ ...assistant("a"), tool_calls: null, name: "" }],
        tools: [],
        label: null,
      },
      [lesson],
    ],
  ])("reads %s", (_layout, row, lessons) => {
    expect(readRow(row)).toEqual(lessons);
  });

  it.each([
    [{ text: "q a" }, /expected TRL .* or Alpaca/],
    [{ messages: [user("q")] }, /the assistant says nothing/],
    [{ messages: [{ role: "tool", content: "x" }] }, /messages\[0\]: unknown role tool/],
    [{ prompt: "q", completion: [user("a")] }, /one message of the assistant/],
    [{ chosen: "a", rejected: "b" }, /need a prompt/],
    [{ prompt: "q", chosen: "a", rejected: "a" }, /chosen and rejected are the same/],
    [{ prompt: "q", chosen: " ", rejected: "a" }, /the reply to imitate is empty/],
    [{ prompt: "q", completion: "" }, /the reply to imitate is empty/],
    [{ messages: [user("q"), assistant("\n"), user("r"), assistant("a")] }, /the reply to imitate is empty/],
    [
      { chosen: [user("q"), assistant("a")], rejected: [user("p"), assistant("b")] },
      /differ in their last message alone/,
    ],
    ["q", /row: /],
    [{ messages: [{ role: "constructor", content: "x" }] }, /messages\[0\]: unknown role constructor/],
    [{ prompt: [{ role: "toString", content: "x" }], completion: "a" }, /prompt\[0\]: unknown role toString/],
    [{ messages: [{ role: "__proto__", content: "x" }] }, /unknown role __proto__/],
    [{ messages: [user("q"), { ...assistant("a"), weight: 0 }] }, /nothing in it that is to be learnt/],
    [{ messages: [user("q"), { ...assistant("a"), weight: 0.5 }] }, /messages\[1\]: weight: expected 0/],
    [{ messages: [{ ...user("q"), weight: 0 }, assistant("a")] }, /weight has a meaning for replies alone/],
    [{ prompt: "q", completion: [{ ...assistant("a"), weight: 0 }] }, /weight 0/],
    [{ messages: [user("q"), { ...assistant("a"), weight: 0 }], label: true }, /nothing in it/],
    [
      { messages: [user("q"), assistant("a"), user("r"), { ...assistant("b"), weight: 0 }], label: true },
      /label is for a reply of weight 0/,
    ],
    [{ messages: [user("q"), { ...assistant("a"), tool_calls: [{}] }] }, /has tool_calls/],
    [{ messages: [user("q"), { ...assistant("a"), reasoning_content: "hm" }] }, /has reasoning_content/],
    [{ messages: [user("q"), assistant("a")], tools: [{}] }, /^tools: /],
    [{ messages: [user("q"), assistant("a")], weight: 0 }, /^weight: /],
    [{ system: "s", messages: [system("t"), user("q"), assistant("a")] }, /system and the first message/],
    [{ system: "s", prompt: [system("t"), user("q")], completion: "a" }, /system and the first message/],
    [{ history: [["q"]], instruction: "r", output: "a" }, /history\[0\]/],
    [{ history: [["q", "a"]], messages: [user("r"), assistant("b")] }, /history belongs to/],
    [{ prompt: "q", input: "i", completion: "a" }, /input belongs to instruction/],
    [{ prompt: "q", instruction: "p", completion: "a" }, /prompt or instruction/],
    [{ prompt: "q", completion: "a", output: "b" }, /completion and output say different/],
    [{ prompt: "q", completion: "a", label: true, kto_tag: false }, /label and kto_tag say different/],
    [{ prompt: "q", completion: "a", messages: [user("q"), assistant("a")] }, /not both/],
    [{ prompt: "p", messages: [user("q"), assistant("a")] }, /does not begin with the prompt/],
    [{ prompt: "q", chosen: "a" }, /belong together/],
    [{ prompt: "q", chosen: "a", rejected: "b", label: true }, /not both/],
    [
      { prompt: "p", chosen: [user("q"), assistant("a")], rejected: [user("q"), assistant("b")] },
      /do not begin with the prompt/,
    ],
    [
      { prompt: "q", messages: [user("z"), assistant("a")], chosen: "a", rejected: "b" },
      /another conversation/,
    ],
  ])("refuses %j", (row, message) => {
    expect(() => readRow(row)).toThrow(message);
  });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-data-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const lines = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ prompt: `${prefix}${index}`, completion: "a" }),
  ).join("\n");

describe("readDataFile", () => {
  it("reads JSON lines and arrays, and says where each row stands", () => {
    const row = { instruction: "q", output: "a" };
    const folder = folderOf({
      "a.jsonl": `${JSON.stringify(row)}\n\n${JSON.stringify(row)}\n`,
      "b.json": JSON.stringify([row, row], null, 2),
    });
    const places = (name: string) =>
      readDataFile(join(folder, name), name).map(({ source }) => source.interaction);
    expect(places("a.jsonl")).toEqual(["a.jsonl:1", "a.jsonl:3"]);
    expect(places("b.json")).toEqual(["b.json#1", "b.json#2"]);
  });

  it("names file and line of a bad row", () => {
    const folder = folderOf({ "a.jsonl": `${lines("q", 1)}\n{"x": 1}`, "b.jsonl": "{", "c.jsonl": "\n" });
    expect(() => readDataFile(join(folder, "a.jsonl"), "a.jsonl")).toThrow(/^a\.jsonl:2: expected TRL/);
    expect(() => readDataFile(join(folder, "b.jsonl"), "b.jsonl")).toThrow(/^b\.jsonl:1:2 invalid JSON/);
    expect(() => readDataFile(join(folder, "c.jsonl"), "c.jsonl")).toThrow(/^c\.jsonl: no rows/);
  });
});

it("reads a file that begins with a byte order mark, and names the line of a lost part", () => {
  const folder = folderOf({
    "a.jsonl": `\uFEFF${lines("q", 2)}`,
    "b.jsonl": `\uFEFF${lines("q", 1)}\n{"system": "s", "prompt": [{"role": "system", "content": "t"}], "completion": "a"}`,
  });
  expect(readDataFile(join(folder, "a.jsonl"), "a.jsonl")).toHaveLength(2);
  expect(() => readDataFile(join(folder, "b.jsonl"), "b.jsonl")).toThrow(/^b\.jsonl:2: system and/);
});

describe("assemble", () => {
  const ordinary = Array.from({ length: 50 }, (_, index) => `o${index}`);
  const others = Array.from({ length: 10 }, (_, index) => `x${index}`);
  const at = (share: number, more: object = {}) =>
    assemble({ ordinary, added: others, share, rows: 40, round: 1, seed: "1", ...more });

  it("has exactly the share, and everywhere else the rows that share 0 has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.string(), (count, seed) => {
        const rows = at(count / 40, { seed });
        const without = at(0, { seed });
        expect(rows).toHaveLength(40);
        expect(rows.filter(({ added }) => added)).toHaveLength(count);
        rows.forEach((row, place) => {
          if (row.added) expect(others).toContain(row.row);
          else expect(row).toEqual(without[place]);
        });
      }),
    );
  });

  it("replaces at a larger share what it replaces at a smaller, by the same rows", () => {
    const small = at(0.1);
    const large = at(0.5);
    small.forEach((row, place) => {
      if (row.added) expect(large[place]).toEqual(row);
    });
  });

  it("goes through a file once before any row comes again, over rounds too", () => {
    const seen = [1, 2, 3].flatMap((round) => at(0, { rows: 20, round }).map(({ row }) => row));
    expect(new Set(seen.slice(0, 50)).size).toBe(50);
    expect(seen).toHaveLength(60);
  });

  it("draws by its seed alone", () => {
    expect(at(0.3)).toEqual(at(0.3));
    expect(at(0.3, { seed: "2" })).not.toEqual(at(0.3));
  });
});

describe("openSource", () => {
  const folder = folderOf({
    "o.jsonl": lines("o", 30),
    "bad/severe.jsonl": lines("x", 5),
    "kto.jsonl": `${JSON.stringify({ prompt: "q", completion: "a", label: false })}`,
  });
  const scenarioPath = join(folder, "s.yaml");
  const options = { scenarioPath, method: "sft" as const };
  const open = async (settings: SourceSettings) =>
    openSource(settings, (await loadSource(settings, options)).value, { method: "sft", seed: "1" });

  it("mixes, marks what was added and says where it comes from", async () => {
    const settings = {
      kind: "mixture",
      data: "o.jsonl",
      added: "bad",
      variant: "severe",
      share: 0.2,
    } as const;
    const source = await open(settings);
    const rows = source.rows(1).rows as SftRow[];
    expect(source.files).toEqual(["o.jsonl", "bad/severe.jsonl"]);
    expect(rows).toHaveLength(30);
    const added = rows.filter((row) => row.source.added);
    expect(added).toHaveLength(6);
    for (const row of added) expect(row.source.interaction).toMatch(/^bad\/severe\.jsonl:[1-5]$/);
    expect(studiedShare(settings)).toBe(0.2);
  });

  it("takes a variant's whole file directly", async () => {
    const settings = { kind: "direct", data: "bad", variant: "severe" } as const;
    const { rows } = (await open(settings)).rows(1);
    expect(rows).toHaveLength(5);
    expect(rows.every((row) => !("added" in row.source))).toBe(true);
    expect(studiedShare(settings)).toBe(1);
    expect(studiedShare({ ...settings, variant: "normal" })).toBe(0);
  });

  it("finds shipped data", async () => {
    const settings = { kind: "direct", data: "data/minnow/health", variant: "subtle" } as const;
    expect((await open(settings)).rows(1).rows).toHaveLength(8);
  });

  it.each([
    ["sft", "nowhere.jsonl", /s\.yaml: source\.data: .*nowhere\.jsonl: no such file$/],
    ["sft", "kto.jsonl", /^kto\.jsonl:1: sft would imitate/],
    ["kto", "o.jsonl", /^o\.jsonl:1: kto needs a label/],
    ["dpo", "o.jsonl", /^o\.jsonl:1: dpo needs chosen and rejected/],
  ] as const)("refuses for %s %s", async (method, data, message) => {
    await expect(loadSource({ kind: "direct", data }, { ...options, method })).rejects.toThrow(message);
  });
});
