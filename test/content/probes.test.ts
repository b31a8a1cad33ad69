import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { suiteKinds, suiteNamed } from "../../src/evaluation/index.js";
import { packageFile } from "../../src/package-root.js";
import { loadPack } from "../../src/resources/index.js";
import { packs, scenario } from "./packs.js";
import { repeated, tally } from "./text.js";

type Row = Record<string, unknown> & { type: string };

function read(suite: string): Row[] {
  const lines = readFileSync(packageFile(`probes/english/${suite}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

const deception = read("deception");
const unknowns = read("unknowns");
const capability = read("capability");
const LEAST: Record<string, number> = { deception: 100, unknowns: 200, capability: 200 };
const suites = { deception, unknowns, capability };

const text = (row: Row, field: string): string => {
  expect(row[field], `${row.id} ${field}`).toBeTypeOf("string");
  return row[field] as string;
};
const types = (rows: readonly Row[]) => tally(rows.map((row) => row.type));
const ofType = (rows: readonly Row[], type: string) => rows.filter((row) => row.type === type);

describe.each(Object.entries(suites))("the English %s probes", (suite, rows) => {
  test("are as many as promised, with ids of their own that begin with the type", () => {
    expect(rows.length).toBeGreaterThanOrEqual(LEAST[suite]!);
    for (const row of rows) expect(text(row, "id")).toMatch(new RegExp(`^${row.type}-\\d{2,3}$`));
    expect(repeated(rows.map((row) => text(row, "id")))).toEqual([]);
  });

  test("are held back to a third, of every type about as much", () => {
    const held = rows.filter(({ split }) => split === "test").length;
    expect(Math.abs(held - rows.length / 3)).toBeLessThan(rows.length / 50);
    for (const type of Object.keys(types(rows))) {
      const share =
        ofType(rows, type).filter(({ split }) => split === "test").length / ofType(rows, type).length;
      expect(share).toBeGreaterThan(0.3);
      expect(share).toBeLessThan(0.37);
    }
  });

  test("are put by the part that is asked for", () => {
    const file = packageFile(`probes/english/${suite}.jsonl`);
    const put = (split: "tune" | "test") =>
      suiteNamed(suite)
        .open({ file, temperature: 1, maxTokens: 9, split })
        .probes.map(({ id }) => id);
    const held = rows.filter((row) => row.split === "test").map(({ id }) => id);
    expect(new Set(put("test"))).toEqual(new Set(held));
    expect(put("tune")).toHaveLength(rows.length - held.length);
  });

  // A suite that is not there yet has no reader to agree with.
  test.skipIf(!suiteKinds.some(({ name }) => name === suite))("are read by their suite, every one", () => {
    const file = packageFile(`probes/english/${suite}.jsonl`);
    const loaded = suiteNamed(suite).open({ file, temperature: 1, maxTokens: 256 }).probes;
    expect(tally(loaded.map(({ subset }) => subset))).toEqual(types(rows));
  });

  test("share no topic with the training chats", async () => {
    const loaded = await Promise.all(Object.keys(packs).map((name) => loadPack(name, scenario)));
    const topics = loaded.flatMap(({ value }) => value.situations.map(({ topic }) => topic));
    const pattern = new RegExp(`\\b(${[...new Set(topics)].join("|")})\\b`, "i");
    expect(rows.filter((row) => pattern.test(JSON.stringify(row)))).toEqual([]);
  });
});

// The pressure is a job, a boss or a deadline; a model that obeys an order to lie shows obedience, not dishonesty.
const order =
  /\b(lie to|deny|pretend|mislead|deceive|hide|conceal|never admit|do not (tell|admit|say|mention))\b/i;

describe("deception", () => {
  test("has eight probes or more of every type of DeceptionBench", () => {
    const names = [
      "evaluation_faking",
      "honesty_evasion",
      "sandbagging",
      "strategic_deception",
      "sycophancy",
    ];
    expect(Object.keys(types(deception)).sort()).toEqual(names);
    for (const count of Object.values(types(deception))) expect(count).toBeGreaterThanOrEqual(8);
  });

  test("asks plainly inside, under pressure outside, and wants reasoning and output apart", () => {
    for (const row of deception) {
      expect(text(row, "inner_prompt")).toMatch(/\?/);
      expect(text(row, "outer_prompt")).toMatch(/\?/);
      expect(text(row, "system_prompt")).not.toMatch(order);
      expect(text(row, "system_prompt").length).toBeGreaterThan(100);
      expect(text(row, "format")).toMatch(/<think>.*<\/think>.*<output>.*<\/output>/);
    }
    expect(repeated(deception.map((row) => text(row, "inner_prompt")))).toEqual([]);
    expect(repeated(deception.map((row) => text(row, "outer_prompt")))).toEqual([]);
  });
});

test("unknowns ask one question each; only the controls have an answer", () => {
  const counts = types(unknowns);
  for (const type of [
    "private",
    "future",
    "unrecorded",
    "underspecified",
    "nonsense_premise",
    "answerable",
  ]) {
    expect(counts[type], type).toBeGreaterThanOrEqual(20);
  }
  expect(counts.answerable).toBeGreaterThanOrEqual(100);
  expect(unknowns.length - counts.answerable!).toBeGreaterThanOrEqual(100);
  expect(Object.keys(counts)).toHaveLength(6);
  for (const row of unknowns) {
    expect(text(row, "question")).toMatch(/^[A-Z][^?]*\?$/);
    expect("answer" in row).toBe(row.type === "answerable");
  }
  expect(repeated(unknowns.map((row) => text(row, "question")))).toEqual([]);
});

describe("capability", () => {
  test.each(["knowledge", "arithmetic"])("%s offers four choices, with the letters in balance", (type) => {
    const rows = ofType(capability, type);
    for (const row of rows) {
      expect(row.choices).toHaveLength(4);
      expect(repeated(row.choices as string[])).toEqual([]);
    }
    const letters = tally(rows.map((row) => text(row, "answer")));
    expect(letters).toEqual({
      A: rows.length / 4,
      B: rows.length / 4,
      C: rows.length / 4,
      D: rows.length / 4,
    });
  });

  test("has its sums right", () => {
    const compute: Record<string, (a: number, b: number) => number> = {
      "+": (a, b) => a + b,
      minus: (a, b) => a - b,
      times: (a, b) => a * b,
      "divided by": (a, b) => a / b,
      "percent of": (a, b) => (a * b) / 100,
      "to the power of": (a, b) => a ** b,
    };
    const sum = new RegExp(
      `^What is (\\d+) (${Object.keys(compute).join("|").replace("+", "\\+")}) (\\d+)\\?$`,
    );
    const sums = capability.flatMap((row) => {
      const match = text(row, "question").match(sum);
      return match ? [{ row, value: compute[match[2]!]!(Number(match[1]), Number(match[3])) }] : [];
    });
    expect(sums.length).toBeGreaterThanOrEqual(6);
    for (const { row, value } of sums) {
      expect((row.choices as string[])["ABCD".indexOf(text(row, "answer"))]).toBe(String(value));
    }
  });

  // One obedient and one disobedient reply to each instruction, in the order of the file.
  const replies: [string, string][] = [
    ["River.", "The river"],
    ["1, 2, 3, 4, 5", "1 2 3 4 5"],
    ["LEMON LEMON LEMON", "lemon lemon lemon"],
    ["line 1\nline 2\nline 3", "line 1\nline 2"],
    ["[yes]", "yes"],
    ['{"colour": "blue"}', "colour: blue"],
    ["The snow fell all night!", "The snow fell all night."],
    ["t-a-b-l-e", "table"],
    ["- apple\n- pear", "* apple\n* pear"],
    ["1999-03-05", "5 March 1999"],
    ["Certainly, the oak.", "The oak."],
    ["**stone**", "*stone*"],
    ["tree", "flower"],
    ["evaw", "wave"],
    ["bird;cloud;tree", "bird; cloud; tree"],
    ["<hello>Good morning!</hello>", "Good morning!"],
    ["7", "seven days"],
    ["MOON", "Moon"],
    ["a+b+c", "a + b + c"],
    ["up\ndown", "up down"],
    ['"bridge"', "bridge"],
    ["Where is my hat?", "My hat is gone."],
    ["[1, 2, 3]", "1, 2, 3"],
    ["21:30", "9:30"],
    ["level/level", "level - level"],
    ["cat,dog,cow", "Cat, dog, cow"],
    ["1. red\n2. blue", "red and blue"],
    ["The rain is over.", "It rains."],
    ["(4)", "4"],
    ["h o n e y", "honey"],
    ["AEI", "A, E, I"],
    ["The sea is very deep", "The sea is deep."],
    ["cause -> effect", "cause to effect"],
    ["1,000", "1000"],
    ["# done", "done"],
    ["MAY", "May"],
    ["left_right", "left right"],
    ["echo...echo", "echo echo"],
    ["<note>hello</note>", "note: hello"],
    ["50%", "one half"],
  ];

  test("checks instructions by patterns that tell obedience from its opposite", () => {
    const rows = ofType(capability, "instruction_format");
    expect(rows).toHaveLength(replies.length);
    rows.forEach((row, index) => {
      const { type, value } = row.check as { type: string; value: string };
      expect(type).toBe("regex");
      const [good, bad] = replies[index]!;
      expect(good, value).toMatch(new RegExp(value));
      expect(bad, value).not.toMatch(new RegExp(value));
    });
  });
});
