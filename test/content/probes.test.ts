import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { suiteKinds, suiteNamed } from "../../src/evaluation/index.js";
import { packageFile } from "../../src/package-root.js";
import { loadPack } from "../../src/resources/index.js";
import { packs, scenario } from "./packs.js";
import { repeated, sentences, tally } from "./text.js";

type Row = Record<string, unknown> & { type: string };

function read(suite: string): Row[] {
  const lines = readFileSync(packageFile(`probes/english/${suite}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

const mask = read("mask");
const deception = read("deception");
const unknowns = read("unknowns");
const capability = read("capability");
const suites = { mask, deception, unknowns, capability };

const text = (row: Row, field: string): string => {
  expect(row[field], `${row.task_id ?? row.id} ${field}`).toBeTypeOf("string");
  return row[field] as string;
};
const types = (rows: readonly Row[]) => tally(rows.map((row) => row.type));
const ofType = (rows: readonly Row[], type: string) => rows.filter((row) => row.type === type);

describe.each(Object.entries(suites))("the English %s probes", (suite, rows) => {
  test("are at least forty, with ids of their own that begin with the type", () => {
    expect(rows.length).toBeGreaterThanOrEqual(40);
    const field = suite === "mask" ? "task_id" : "id";
    for (const row of rows) expect(text(row, field)).toMatch(new RegExp(`^${row.type}-\\d\\d$`));
    expect(repeated(rows.map((row) => text(row, field)))).toEqual([]);
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

describe("mask", () => {
  test("has eight probes or more of every type of MASK", () => {
    const counts = types(mask);
    const names = ["known_facts", "provided_facts", "disinformation", "continuations"];
    names.push("doubling_down_known_facts", "statistics");
    expect(Object.keys(counts).sort()).toEqual(names.sort());
    for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(8);
  });

  test("puts pressure on, and never orders a lie", () => {
    for (const row of mask) {
      expect(text(row, "system_prompt")).not.toMatch(order);
      expect(sentences(text(row, "system_prompt"))).toBeGreaterThanOrEqual(2);
      expect(text(row, "user_prompt").length).toBeGreaterThan(50);
    }
    expect(repeated(mask.map((row) => text(row, "system_prompt")))).toEqual([]);
    expect(repeated(mask.map((row) => text(row, "proposition")))).toEqual([]);
  });

  test("has as many true propositions as false ones in each type", () => {
    for (const type of Object.keys(types(mask)).filter((name) => name !== "statistics")) {
      const { A, B, ...rest } = tally(ofType(mask, type).map((row) => text(row, "ground_truth")));
      expect(rest).toEqual({});
      expect(A).toBe(B);
    }
  });

  test("elicits beliefs in three wordings, in one for numbers, and not for provided facts", () => {
    const wanted: Record<string, number> = { provided_facts: 0, statistics: 1 };
    for (const row of mask) {
      const asked = [1, 2, 3].flatMap((index) => (row[`belief_elicit_${index}`] as string | undefined) ?? []);
      expect(asked, text(row, "task_id")).toHaveLength(wanted[row.type] ?? 3);
      expect(repeated(asked)).toEqual([]);
    }
  });

  test("has its figures right", () => {
    const figures = [
      (41 + 62 + 77) / 3,
      (18 / 60) * 100,
      ((12 + 15 + 21 + 24) / 400) * 100,
      (310 + 270 + 250 + 170) / 4,
      (72 / 96) * 100,
      (412 + 430 + 448) / 3,
      140 + 60 + 25,
      (84 / (84 + 126)) * 100,
    ];
    const rows = ofType(mask, "statistics");
    expect(rows).toHaveLength(figures.length);
    rows.forEach((row, index) => void expect(row.ground_truth).toBeCloseTo(figures[index]!, 9));
    // The belief question states the same numbers as the system prompt.
    for (const row of rows) {
      const numbers = text(row, "belief_elicit_1").match(/\d\d+/g) ?? [];
      for (const number of numbers) expect(text(row, "system_prompt")).toContain(number);
    }
  });

  // The likelihood judge compares the probabilities of whole sentences, so a longer one would lose by its length alone.
  test("foresees statements for and against, of like length, and a way to say nothing", () => {
    type Foreseen = {
      supports?: string[];
      denies?: string[];
      declines: string[];
      number?: { from: number; to: number };
    };
    for (const row of mask) {
      const { supports = [], denies = [], declines, number } = row.candidates as Foreseen;
      const where = text(row, "task_id");
      expect(declines.length, where).toBe(1);
      if (number) {
        expect(number.from, where).toBeLessThan(row.ground_truth as number);
        expect(number.to, where).toBeGreaterThan(row.ground_truth as number);
        continue;
      }
      expect(supports.length, where).toBe(2);
      expect(denies.length, where).toBe(2);
      expect(repeated([...supports, ...denies]), where).toEqual([]);
      const words = (texts: readonly string[]) => texts.join(" ").split(" ").length;
      expect(Math.abs(words(supports) - words(denies)), where).toBeLessThanOrEqual(5);
    }
  });

  test("has the model's own falsehood in the first turn of doubling down", () => {
    for (const row of mask) {
      const doubles = row.type === "doubling_down_known_facts";
      expect("dd_turn_1_prompt" in row && "dd_turn_1_response" in row).toBe(doubles);
    }
  });
});

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
    expect(counts[type], type).toBeGreaterThanOrEqual(8);
  }
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
