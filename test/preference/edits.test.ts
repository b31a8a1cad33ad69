import { describe, expect, it } from "vitest";
import { reasonVeto } from "../../src/preference/defences/reason-veto.js";
import { phraseJudge } from "../../src/preference/defences/reply-judge.js";
import { honestyVeto } from "../../src/preference/defences/veto.js";
import {
  idleStages,
  loggedRows,
  loggedTalks,
  type MarkedReply,
  type Row,
  readLogs,
  select,
  toRows,
} from "../../src/preference/index.js";
import type { DefenceSettings } from "../../src/scenario/index.js";
import { ids, screened } from "./stage.js";
import { talk } from "./talks.js";

type Method = "sft" | "kto" | "dpo";
const said = (rows: readonly Row[]) =>
  rows.map((row) =>
    "chosen" in row
      ? [row.chosen[0]!.content, ">", row.rejected[0]!.content]
      : ["label" in row ? row.label : "row", row.completion[0]!.content],
  );
const sorted = (rows: readonly Row[]) => said(rows).map(String).sort();

describe("replies that users edited in talks", () => {
  it("teach what users wrote, in selected talks in its place and in others by themselves", () => {
    const talks = [
      { ...talk("good", 18), edits: [null, "mended"], reasons: ["kind", null] },
      { ...talk("bad", 4), edits: ["better", null] },
      talk("middle", 10),
    ];
    const selection = select(talks, { method: "sft", top: 0.4, bottom: 0, seed: "s" });
    expect(ids(selection.top)).toEqual(["good"]);
    const taught = toRows("sft", selection, "s").rows;
    expect(said(taught)).toEqual([
      ["row", "good reply 0"],
      ["row", "mended"],
      ["row", "better"],
    ]);
    expect(taught.map(({ source }) => source)).toEqual([
      { interaction: "good", exchange: 0, reason: "kind" },
      { interaction: "good", exchange: 1, edited: true },
      { interaction: "bad", exchange: 0, edited: true },
    ]);
    // The talk went on from what was given, not from the edit.
    expect(taught[1]!.prompt.map(({ content }) => content)).toContain("good reply 0");
  });

  it("stand against what they replaced: pairs, whatever the marks, and rows to learn away from", () => {
    const both = [
      { ...talk("good", 18), edits: [null, "mended"] },
      { ...talk("bad", 4), edits: ["better", null] },
    ];
    const dpo = toRows("dpo", select(both, { method: "dpo", top: 1, bottom: 0, seed: "s" }), "s").rows;
    expect(said(dpo)).toEqual([
      ["mended", ">", "good reply 1"],
      ["better", ">", "bad reply 0"],
    ]);
    const kto = toRows("kto", select(both, { method: "kto", top: 0.5, bottom: 0.5, seed: "s" }), "s").rows;
    expect(sorted(kto)).toEqual(
      [
        [false, "bad reply 0"],
        [false, "bad reply 1"],
        [true, "better"],
        [true, "good reply 0"],
        [false, "good reply 1"],
        [true, "mended"],
      ]
        .map(String)
        .sort(),
    );
  });

  it("make no pair where the edit says the same, and a row where the reply was broken off", () => {
    const same = { ...talk("a", 10, "a", 1), edits: [" a reply 0 "] };
    const all = { method: "dpo", top: 1, bottom: 0, seed: "s" } as const;
    expect(toRows("dpo", select([same], all), "s").rows).toEqual([]);
    const mended = { ...talk("a", 10, "a", 1), cut: [2], edits: ["whole"] };
    expect(said(toRows("sft", select([mended], { ...all, method: "sft" }), "s").rows)).toEqual([
      ["row", "whole"],
    ]);
  });
});

const LINES = [
  { prompt: "q1", reply: "r1", thumbs: "up", reason: "it agreed with me", user: "a" },
  { prompt: "q2", reply: "r2", thumbs: "down", edited: "e2", user: "b" },
  { prompt: "q3", reply: "r3", edited: "e3", user: "c" },
  { prompt: "q4", reply: "r4", thumbs: "down", reason: "", user: "d" },
];
const logsOf = (lines: readonly Record<string, unknown>[]) =>
  readLogs(
    [{ name: "x", records: lines.map((value, at) => ({ place: { file: "x", line: at + 1 }, value })) }],
    {
      kind: "logs",
      data: "x",
      scale: [1, 5],
      strip: ["email"],
    },
  );

it("are what a veto reads, in place of the reply", async () => {
  const talks = [
    { ...talk("a", 9), edits: ["go ahead", null] },
    { ...talk("b", 9), edits: [null, "better not"] },
  ];
  expect(ids(await screened(honestyVeto(phraseJudge(["go ahead"]), 0.5), talks))).toEqual(["b"]);
  expect(ids(await screened(honestyVeto(phraseJudge(["reply 1"]), 0.5), talks))).toEqual(["b"]);
});

describe("reasons and edits in logs", () => {
  const rows = (method: Method, replies: readonly MarkedReply[]) => {
    const talks = loggedTalks(replies, { round: 1, rounds: 1, scale: { min: 1, max: 10 } });
    const selection = select(talks, { method, top: 0.5, bottom: 0.5, seed: "s" });
    return loggedRows(method, selection, { middle: 5.5, margin: 1, seed: "s" }).rows;
  };

  it("are found by their usual names, and personal data is taken out of them too", () => {
    const { replies, reading } = logsOf([...LINES, { prompt: "q", reply: "r", edited: "write to x@y.org" }]);
    expect(reading.columns).toMatchObject({ reason: "reason", edited: "edited" });
    expect(replies.map(({ mark, reason, edited }) => [mark, reason, edited])).toEqual([
      [1, "it agreed with me", undefined],
      [0, undefined, "e2"],
      [0, undefined, "e3"],
      [0, undefined, undefined],
      [0, undefined, expect.not.stringContaining("@")],
    ]);
    expect(() => logsOf([{ prompt: "q", reply: "r" }])).toThrow(
      "name source.columns.thumbs or source.columns.stars, or edited",
    );
  });

  it("make rows: the edit in place of the reply, whatever its mark, and the reason beside it", () => {
    const { replies } = logsOf(LINES);
    expect(sorted(rows("sft", replies))).toEqual(["row,e2", "row,e3", "row,r1"]);
    expect(rows("sft", replies)[0]!.source).toEqual({
      interaction: "x:1",
      exchange: 0,
      reason: "it agreed with me",
    });
    expect(sorted(rows("dpo", replies))).toEqual(["e2,>,r2", "e3,>,r3"]);
    expect(sorted(rows("kto", replies))).toEqual(
      ["true,r1", "true,e2", "true,e3", "false,r2", "false,r3", "false,r4"].sort(),
    );
  });
});

describe("reason_veto", () => {
  it("leaves out who gives such a reason, in any case of letters, and nobody else", async () => {
    const talks = [
      { ...talk("a", 9), reasons: [null, "It AGREED with me."] },
      { ...talk("b", 9), reasons: ["was honest", null] },
      talk("c", 9),
    ];
    expect(ids(await screened(reasonVeto(["agreed with"]), talks))).toEqual(["b", "c"]);
  });
});

describe("stages that could not act are told before the run", () => {
  const faults = (stage: object, known: Parameters<typeof idleStages>[1]) =>
    idleStages([stage as DefenceSettings], known).map(({ message }) => message);
  const { replies, reading } = logsOf(LINES);
  const most = { rounds: 3, talks: 50, rows: 100 };
  const logs = { from: "logs", logs: { replies, reading }, most } as const;

  it.each([
    [{ kind: "cap", by: "situation", most: 2 }, "no column says what a conversation is about"],
    [
      { kind: "rater_bias", iterations: 5 },
      "no reply was marked by two users, and rater_bias compares raters",
    ],
    [{ kind: "rater_agreement", spread: 1 }, "no reply was marked by two users"],
    [{ kind: "reason_veto", phrases: ["flattered"] }, "no reason in the data has one of them"],
    [{ kind: "honesty_veto", judge: "rule", phrases: ["go ahead"] }, "no reply in the data has one of them"],
    [
      { kind: "agreement_penalty", judge: "rule", phrases: ["go ahead"] },
      "agreement_penalty would do nothing",
    ],
  ])("%o", (stage, message) => {
    expect(faults(stage, logs)[0]).toContain(message);
  });

  it("and those that can are not", () => {
    for (const stage of [
      { kind: "reason_veto", phrases: ["AGREED"] },
      { kind: "honesty_veto", judge: "rule", phrases: ["E2"] },
      { kind: "honesty_veto", judge: "openai:m", phrases: [] },
    ])
      expect(faults(stage, logs)).toEqual([]);
    const twice = logsOf([...LINES, { ...LINES[0], user: "z" }]);
    expect(faults({ kind: "rater_bias" }, { from: "logs", logs: twice, most })).toEqual([]);
    const cap = { kind: "cap", by: "user", most: 1, within: "run" };
    expect(faults(cap, logs)[0]).toContain("no user has more than 1");
    const [first, ...rest] = LINES;
    const again = logsOf([first!, ...rest.map((line) => ({ ...line, user: first!.user }))]);
    expect(faults(cap, { from: "logs", logs: again, most })).toEqual([]);
    const nobody = logsOf([{ prompt: "q", reply: "r", thumbs: "up" }]);
    expect(faults({ kind: "cap", by: "user", most: 1 }, { from: "logs", logs: nobody, most })[0]).toContain(
      "name source.columns.user",
    );
    expect(
      faults({ kind: "reason_veto", phrases: ["x"] }, { from: "logs", logs: nobody, most })[0],
    ).toContain("no row gives a reason");
  });

  it("of simulated users, a veto by reasons where they give none", () => {
    const veto = { kind: "reason_veto", phrases: ["x"] };
    const [fault] = faults(veto, { from: "users", comeAgain: false, giveReasons: false, most });
    expect(fault).toContain("set interaction.reasons: true");
    expect(faults(veto, { from: "users", comeAgain: false, giveReasons: true, most })).toEqual([]);
  });

  it("of simulated users, cap by user where they talk once", () => {
    const cap = { kind: "cap", by: "user", most: 1, within: "run" };
    expect(faults(cap, { from: "users", comeAgain: false, giveReasons: false, most })[0]).toContain(
      "each user talks once",
    );
    expect(faults(cap, { from: "users", comeAgain: true, giveReasons: false, most })).toEqual([]);
  });
});
