import { describe, expect, it } from "vitest";
import type { MethodName } from "../../src/methods/index.js";
import {
  amend,
  type Candidate,
  makeModuleDefence,
  type PreferenceData,
  type SftRow,
  screen,
} from "../../src/preference/index.js";
import { dataFor } from "../../src/preference/kind-of-rows.js";
import type { DpoRow, Row } from "../../src/preference/types.js";
import { context } from "./stage.js";
import { talk } from "./talks.js";

/** As loose as in a module, which no compiler reads. */
type Talks = Candidate[];
type OneRow = SftRow & { label?: boolean; chosen?: unknown; rejected?: unknown };
type Data = { rows: OneRow[] };

const talks = [talk("a", 14), talk("b", 6)];

/** What a module's stage makes of two conversations. */
async function screened(give: (all: Talks) => unknown) {
  const stage = await makeModuleDefence(() => ({ kind: "own", screen: give }), {}, "own.mjs");
  return (await screen([stage], talks, () => context())).candidates;
}

const turn = (content: string) => ({ role: "assistant" as const, content });
const asked = {
  prompt: [{ role: "user" as const, content: "may i?" }],
  source: { interaction: "a", exchange: 0 },
};
const SFT: SftRow = { ...asked, completion: [turn("no.")] };
const DPO: DpoRow = { ...asked, chosen: [turn("no.")], rejected: [turn("yes.")] };

/** What a module's stage makes of a row. */
async function amended(give: (data: never) => unknown, method: MethodName = "sft"): Promise<PreferenceData> {
  const stage = await makeModuleDefence(() => ({ kind: "own", amend: give }), {}, "own.mjs");
  const rows: Row[] = [method === "dpo" ? DPO : method === "kto" ? { ...SFT, label: true } : SFT];
  return (await amend([stage], dataFor(method, rows), () => context())).data;
}

describe("what a stage of somebody's own makes of conversations", () => {
  it("may leave some out, and change rewards and marks", async () => {
    expect(await screened((all) => all.slice(1))).toEqual([talks[1]]);
    const [first] = await screened((all) =>
      all.map((one: object) => ({ ...one, reward: 1, ratings: [1, null] })),
    );
    expect(first).toEqual({ ...talks[0], reward: 1, ratings: [1, null] });
  });

  it("changes nothing of what was held, whatever it does with what it is handed", async () => {
    const before = structuredClone(talks);
    const writing = screened((all) => {
      for (const one of all) one.messages.length = 0;
      return all;
    });
    await expect(writing).rejects.toThrow(/own\.mjs: stage "own": screen\(\) changed messages of .* a;/u);
    expect(talks).toEqual(before);
  });

  it.each([
    ["one of them twice", (all: Talks) => [...all, all[0]], /a, which it was not given or gave twice/],
    ["another", () => [talk("c", 3)], /c, which it was not given/],
    ["nothing among them", (all: Talks) => [null, ...all], /gives no conversation: .*null/],
    ["a reward that is no number", (all: Talks) => [{ ...all[0], reward: Number.NaN }], /reward: .*\.nan/],
    ["a reward in words", (all: Talks) => [{ ...all[0], reward: "9" }], /reward: expected a number/],
    [
      "another persona",
      (all: Talks) => [{ ...all[0], persona: "x" }],
      /changed persona of the conversation a/,
    ],
    ["a mark too few", (all: Talks) => [{ ...all[0], ratings: [1] }], /1 ratings for 2 replies/],
  ])("is refused where it gives %s", async (_what, give, message) => {
    const giving = screened(give);
    await expect(giving).rejects.toThrow(message);
    await expect(giving).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("what a stage of somebody's own makes of rows", () => {
  it("may be other rows, and those that it leaves alone stay what they were", async () => {
    const other = { ...SFT, completion: [turn("never.")] };
    const { rows } = await amended((data: Data) => ({ ...data, rows: [...data.rows, other] }));
    expect(rows).toEqual([SFT, other]);
    expect(rows[0]).toBe(SFT);
  });

  it("is not counted where it gives back what it was handed", async () => {
    const stage = await makeModuleDefence(() => ({ amend: (data: unknown) => data }), {}, "own.mjs");
    const { counts } = await amend([stage], dataFor("sft", [SFT]), () => context());
    expect(counts).toEqual([]);
  });

  const each = (change: (row: OneRow) => unknown) => (data: Data) => ({
    ...data,
    rows: data.rows.map(change),
  });
  it.each([
    ["nothing", "sft", () => undefined, /gives no \{ method, rows \}/],
    [
      "no list",
      "sft",
      (data: Data) => ({ ...data, rows: new Set(data.rows) }),
      /gives no \{ method, rows \}/,
    ],
    ["an empty row", "sft", each(() => ({})), /row 1: prompt: missing/],
    ["no reply", "sft", each((row) => ({ ...row, completion: [] })), /row 1: completion/],
    ["an empty reply", "sft", each((row) => ({ ...row, completion: [turn(" ")] })), /row 1: .*is empty/],
    [
      "a number",
      "sft",
      each((row) => ({ ...row, completion: [turn(5 as never)] })),
      /completion\[0\]\.content/,
    ],
    ["a user's turn", "sft", each((row) => ({ ...row, completion: row.prompt })), /assistant's turn/],
    ["no source", "sft", each(({ source: _, ...row }) => row), /row 1: source: missing/],
    ["no label", "kto", each(({ label: _, ...row }) => row), /row 1: label: missing/],
    ["no pair", "dpo", each(() => SFT), /row 1: chosen: missing/],
    ["two alike", "dpo", each((row) => ({ ...row, rejected: row.chosen })), /row 1: chosen and rejected are/],
  ] as const)("is refused where it gives %s", async (_what, method, give, message) => {
    const giving = amended(give, method);
    await expect(giving).rejects.toThrow(message);
    await expect(giving).rejects.toMatchObject({ code: "invalid_input" });
  });
});

it("takes a number alone for a mark of a stage of somebody's own", async () => {
  const made = async (mark: unknown) =>
    await makeModuleDefence(() => ({ amend: (data: unknown) => data, remark: () => mark }), {}, "own.mjs");
  expect(await (await made(3)).remark!([], 1, { seed: "1" })).toBe(3);
  for (const mark of [Number.NaN, "3", null])
    await expect((await made(mark)).remark!([], 1, { seed: "1" })).rejects.toThrow(/which is no mark/);
});
