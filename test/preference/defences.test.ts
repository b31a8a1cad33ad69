import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreed, raterAgreement } from "../../src/preference/defences/agreement.js";
import { agreementPenalty } from "../../src/preference/defences/agreement-penalty.js";
import { cap } from "../../src/preference/defences/cap.js";
import { constitution, fivePoints, outOfTen } from "../../src/preference/defences/questions.js";
import { replay } from "../../src/preference/defences/replay.js";
import { modelJudge, phraseJudge } from "../../src/preference/defences/reply-judge.js";
import { trim } from "../../src/preference/defences/trim.js";
import { honestyVeto } from "../../src/preference/defences/veto.js";
import type { Candidate, Defence, KtoRow, PreferenceData } from "../../src/preference/index.js";
import { amend, screen, toRows } from "../../src/preference/index.js";
import { FakeModel } from "../fakes/model.js";
import { context, ids, type Kept, rewarded, saying, screened } from "./stage.js";
import { talk } from "./talks.js";

describe("honesty_veto", () => {
  it("keeps back every conversation with a reply below the threshold, and lets equal ones through", async () => {
    const scores: Record<string, number> = { good: 1, fair: 0.5, bad: 0.4 };
    const veto = honestyVeto(async (talk) => scores[talk.at(-1)!.content]!, 0.5);
    const talks = [saying("a", "good", "good"), saying("b", "good", "fair"), saying("c", "bad", "good")];
    expect(ids(await screened(veto, talks))).toEqual(["a", "b"]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no connection"))],
    ["gives no number", async () => Number.NaN],
    ["gives one out of range", async () => 7],
  ])("fails closed where the judge %s", async (_name, judge) => {
    expect(await screened(honestyVeto(judge, 0), [talk("a", 9)])).toEqual([]);
  });

  it("keeps back a conversation without replies", async () => {
    expect(
      await screened(
        honestyVeto(async () => 1, 0),
        [saying("a")],
      ),
    ).toEqual([]);
  });

  it("asks only for what an interrupted round has not asked for, and notes what failed", async () => {
    const kept: Kept = { values: [] };
    let calls = 0;
    const veto = honestyVeto(async (talk) => {
      calls += 1;
      if (talk.at(-1)!.content.startsWith("b")) throw new Error("no connection");
      return 1;
    }, 0.5);
    const talks = [talk("a", 9), talk("b", 9)];
    expect(ids(await screened(veto, talks, {}, kept))).toEqual(["a"]);
    expect(kept.values).toContainEqual({ of: "b", honesty: null, error: "no connection" });
    calls = 0;
    expect(ids(await screened(veto, talks, {}, kept))).toEqual(["a"]);
    expect(calls).toBe(0);
  });

  describe("with negatives", () => {
    const veto = () => honestyVeto(phraseJudge(["flattery"]), 0.5, true);
    const kto = { method: "kto" } as const;
    const labelled = (rows: readonly unknown[]) =>
      (rows as KtoRow[]).map(({ completion, label, source }) => [
        `${source.interaction}/${source.exchange}`,
        completion[0]!.content,
        label,
      ]);

    it("teaches away from the replies that were found dishonest, and from no other of their conversation", async () => {
      const stage = veto();
      const talks = [saying("a", "truth", "truth"), saying("b", "truth", "flattery")];
      expect(ids(await screened(stage, talks, kto))).toEqual(["a"]);
      const data = toRows(
        "kto",
        { top: [talks[0]!], bottom: [], unusable: 0, wanted: { top: 1, bottom: 0 } },
        "s",
      );
      const { rows } = await stage.amend!(data, context(kto));
      expect(labelled(rows).sort()).toEqual([
        ["a/0", "truth", true],
        ["a/1", "truth", true],
        ["b/1", "flattery", false],
      ]);
    });

    it("leaves out what the judge could not judge", async () => {
      const stage = honestyVeto(() => Promise.reject(new Error("no connection")), 0.5, true);
      await screened(stage, [saying("a", "flattery")], kto);
      const { rows } = await stage.amend!({ method: "kto", rows: [] }, context(kto));
      expect(rows).toEqual([]);
    });

    it("turns the label of a data file's row", async () => {
      const row = (name: string, said: string, label: boolean): KtoRow => ({
        prompt: [{ role: "user", content: name }],
        completion: [{ role: "assistant", content: said }],
        label,
        source: { interaction: name, exchange: 0 },
      });
      const rows = [row("x:1", "truth", true), row("x:2", "flattery", true), row("x:3", "flattery", false)];
      const files = context({ ...kto, source: "files" });
      const after = await veto().amend!({ method: "kto", rows }, files);
      expect(labelled(after.rows).map(([, , label]) => label)).toEqual([true, false, false]);
      const left = await honestyVeto(phraseJudge(["flattery"]), 0.5).amend!({ method: "kto", rows }, files);
      expect(labelled(left.rows).map(([name]) => name)).toEqual(["x:1/0", "x:3/0"]);
    });
  });

  it("stops when interrupted instead of vetoing", async () => {
    const signal = AbortSignal.abort(new Error("interrupted"));
    const veto = honestyVeto(() => Promise.reject(new Error("aborted")), 0.5);
    await expect(screened(veto, [talk("a", 9)], { signal })).rejects.toThrow("interrupted");
  });

  it("with dpo keeps back the pairs whose chosen reply is dishonest, whatever was rejected or said before", async () => {
    const veto = honestyVeto(phraseJudge(["lie"]), 0.5);
    const say = (content: string) => [{ role: "assistant" as const, content }];
    const pair = (interaction: string, chosen: string, rejected: string, before = "hi") => ({
      prompt: [
        { role: "user" as const, content: "?" },
        ...say(before),
        { role: "user" as const, content: "?" },
      ],
      chosen: say(chosen),
      rejected: say(rejected),
      source: { interaction, exchange: 1 },
    });
    const rows = [pair("a", "truth", "lie"), pair("b", "lie", "truth"), pair("c", "truth", "hm", "lie")];
    const method = "dpo" as const;
    const out = await veto.amend!({ method, rows }, context({ method }));
    expect(out.rows.map(({ source }) => source.interaction)).toEqual(["a", "c"]);
    expect(await screened(veto, [saying("a", "lie")], { method })).toHaveLength(1);
    expect((await veto.amend!({ method: "sft", rows: [] }, context())).method).toBe("sft");
  });

  it("knows phrases in the last reply alone, whatever their case", async () => {
    const judge = phraseJudge(["go ahead"]);
    const said = (...replies: string[]) => judge(saying("a", ...replies).messages, { seed: "" });
    expect(await said("no.", "Go ahead and drink.")).toBe(0);
    expect(await said("go ahead.", "no.")).toBe(1);
  });

  it.each<[string, number | null]>([
    ["7", 0.7],
    ["10", 1],
    ["0", 0],
    ["Honesty: 2.5", 0.25],
    ["8/10", 0.8],
    ["11", null],
    ["-", null],
    ["", null],
    ["between 3 and 8", null],
  ])("reads a model's %j as %s", async (reply, expected) => {
    const model = new FakeModel(() => reply);
    const score = modelJudge(model, outOfTen)(saying("a", "hello").messages, { seed: "x" });
    if (expected === null) await expect(score).rejects.toThrow("the judge said");
    else expect(await score).toBe(expected);
    // The assistant's instructions, which tell it to please, are not for the judge.
    expect(JSON.stringify(model.seen)).not.toContain("help");
  });

  it.each<[string, number | null]>([
    ["1", 0],
    ["4", 0.75],
    ["5 - it is fully honest", 1],
    ["0", null],
    ["6", null],
    ["1 or 2", null],
  ])("reads one of five points in %j as %s", async (reply, expected) => {
    expect(fivePoints.read(reply)).toBe(expected);
  });

  it.each<[string, number | null]>([
    ["none", 1],
    ["None.", 1],
    ["2", 0],
    ["1, 2", 0],
    ["1 and 2", 0],
    ["3", null],
    ["it breaks none of them, I think", null],
    ["", null],
  ])("reads the broken principles in %j as %s", async (reply, expected) => {
    const asked = constitution(["be brave", "be true"]);
    expect(asked.task).toContain("2. be true");
    expect(asked.read(reply)).toBe(expected);
  });
});

describe("agreement_penalty", () => {
  const penalty = (reward: "sum" | "mean" = "sum") =>
    agreementPenalty(async (talk) => (talk.at(-1)!.content.includes("yes") ? 1 : 0), 5, reward);

  it("takes the points off what agrees: mark, reward, panel and replies that were only rated", async () => {
    const candidate: Candidate = {
      ...saying("a", "yes", "no"),
      ratings: [9, 4],
      reward: 13,
      alternatives: [[{ content: "no", rating: 3 }], [{ content: "yes, yes", rating: 8 }]],
      panel: [{ rater: "x", ratings: [7, null] }],
    };
    const [out] = await screened(penalty(), [candidate]);
    expect(out).toMatchObject({
      ratings: [4, 4],
      reward: 8,
      alternatives: [[{ rating: 3 }], [{ rating: 3 }]],
      panel: [{ ratings: [2, null] }],
    });
    const [mean] = await screened(penalty("mean"), [{ ...candidate, reward: 6.5 }]);
    expect(mean!.reward).toBe(4);
    expect(candidate.ratings).toEqual([9, 4]);
  });

  it("takes them off what a stage before has made of the reward, and nothing off what has none", async () => {
    const one = { ...saying("a", "yes", "yes"), ratings: [9, null], reward: 3 };
    const none = { ...saying("b", "yes", "yes"), ratings: [null, null], reward: null };
    const out = await screened(penalty(), [one, none]);
    expect(out.map(({ reward, ratings }) => [reward, ratings])).toEqual([
      [-2, [4, null]],
      [null, [null, null]],
    ]);
  });

  it("takes all of them where the judge fails, and does not ask again after an interruption", async () => {
    const kept: Kept = { values: [] };
    let calls = 0;
    const fails = agreementPenalty(
      () => {
        calls += 1;
        return Promise.reject(new Error("no connection"));
      },
      5,
      "sum",
    );
    const once = () => screened(fails, [{ ...saying("a", "no"), ratings: [9], reward: 9 }], {}, kept);
    expect((await once()).map(({ reward }) => reward)).toEqual([4]);
    expect((await once()).map(({ reward }) => reward)).toEqual([4]);
    expect(calls).toBe(1);
  });
});

describe("rater_agreement", () => {
  it("takes the spread off the mean", () => {
    expect(agreed([10, 10, 10], 1)).toBe(10);
    expect(agreed([20, 4], 1)).toBe(4);
    expect(agreed([20, 4], 0)).toBe(12);
  });

  it("ranks by all raters and keeps back what only one rated", async () => {
    const seat = (...ratings: (number | null)[]) => ({ rater: "x", ratings });
    const candidates: Candidate[] = [
      { ...talk("a", 20), panel: [seat(1, 1), seat(1, 1)] },
      { ...talk("b", 12), panel: [seat(6, 6), seat(null, 6)] },
      { ...talk("c", 20), panel: [seat(null, null)] },
      { ...talk("d", null), panel: [seat(7, 7), seat(7, 7)] },
      talk("e", 20),
    ];
    const out = await screened(raterAgreement(1, "sum"), candidates);
    expect(out.map(({ id, reward }) => [id, reward && Math.round(reward * 1e9) / 1e9])).toEqual([
      ["a", Math.round((8 - Math.sqrt(72)) * 1e9) / 1e9],
      ["b", 12],
      ["d", 14],
    ]);
  });
});

describe("trim", () => {
  it("leaves out the share it is told at each end and nothing else, whatever the order it is given", async () => {
    const share = fc.integer({ min: 0, max: 45 }).map((percent) => percent / 100);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 2, max: 20 }), { maxLength: 26 }),
        share,
        share,
        async (rewards, top, bottom) => {
          const candidates = rewarded(...rewards);
          const out = await screened(trim({ top, bottom }), candidates);
          const cut = (part: number) => Math.floor(part * rewards.length + 1e-9);
          const sorted = [...rewards].sort((a, b) => a - b);
          expect(out.map(({ reward }) => reward!).sort((a, b) => a - b)).toEqual(
            sorted.slice(cut(bottom), rewards.length - cut(top)),
          );
          const backwards = await screened(trim({ top, bottom }), [...candidates].reverse());
          expect(ids(backwards).sort()).toEqual(ids(out).sort());
        },
      ),
    );
  });

  it("lets conversations without a reward through: they are not extreme", async () => {
    expect(ids(await screened(trim({ top: 0.5, bottom: 0 }), rewarded(9, null, 3)))).toEqual(["b", "c"]);
  });
});

describe("cap", () => {
  const by = (user: string, id: string, situation = "s"): Candidate => ({ ...talk(id, 9), user, situation });

  it("lets at most so many of a source through, drawn and not the first", async () => {
    const candidates = Array.from({ length: 40 }, (_, index) =>
      by(index < 30 ? "loud" : `u${index}`, `t${index}`),
    );
    const stage = cap({ by: "user", most: 3, within: "round" });
    const out = await screened(stage, candidates);
    const loud = out.filter(({ user }) => user === "loud");
    expect(out).toHaveLength(13);
    expect(loud).toHaveLength(3);
    expect(ids(loud)).not.toEqual(["t0", "t1", "t2"]);
    expect(ids(await screened(stage, [...candidates].reverse())).sort()).toEqual(ids(out).sort());
  });

  it("counts what earlier rounds have learnt from, if it is told to", async () => {
    const candidates = [by("a", "1"), by("b", "2", "t"), by("c", "3")];
    const taught = async () => [
      { user: "a", situation: "s" },
      { user: "a", situation: "s" },
      { user: "b", situation: "s" },
    ];
    const out = async (settings: Parameters<typeof cap>[0]) =>
      ids(await screened(cap(settings), candidates, { taught }));
    expect(await out({ by: "user", most: 2, within: "run" })).toEqual(["2", "3"]);
    expect(await out({ by: "user", most: 1, within: "run" })).toEqual(["3"]);
    expect(await out({ by: "user", most: 1, within: "round" })).toEqual(["1", "2", "3"]);
    expect(await out({ by: "situation", most: 1, within: "run" })).toEqual(["2"]);
  });
});

describe("replay", () => {
  const row = (text: string) => ({
    prompt: [{ role: "user" as const, content: text }],
    completion: [{ role: "assistant" as const, content: text }],
  });
  const file = ["x", "y", "z"].map(row);
  const data = (method: "sft" | "kto", count: number): PreferenceData => {
    const rows = Array.from({ length: count }, (_, index) => ({
      ...row(`own ${index}`),
      source: { interaction: `i${index}`, exchange: 0 },
      ...(method === "kto" ? { label: index % 2 === 0 } : {}),
    }));
    return { method, rows } as PreferenceData;
  };

  it("makes up the share it is told, using every row of the file equally often", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom("sft" as const, "kto" as const),
        async (count, percent, method) => {
          const share = percent / 100;
          const out = await replay(file, share).amend!(data(method, count), context());
          const added = out.rows.filter(({ source }) => source.replayed === true);
          expect(out.rows.length - added.length).toBe(count);
          expect(Math.abs(added.length - share * out.rows.length)).toBeLessThanOrEqual(0.5);
          const times = [0, 1, 2].map(
            (line) => added.filter(({ source }) => source.interaction === `replay:${line + 1}`).length,
          );
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
          if (method === "kto") for (const one of added) expect(one).toMatchObject({ label: true });
        },
      ),
    );
  });

  it("adds nothing where nothing was taught", async () => {
    expect((await replay(file, 0.5).amend!(data("sft", 0), context())).rows).toEqual([]);
  });
});

describe("a chain of stages", () => {
  it("counts what each lets through, and leaves out what failed before the first", async () => {
    const candidates = [...rewarded(9, 8, null, 1), { ...talk("x", null), error: "failed" }];
    const seen: string[][] = [];
    const look: Defence = {
      kind: "look",
      screen: (given) => {
        seen.push(ids(given));
        return given;
      },
    };
    const { candidates: out, counts } = await screen(
      [
        trim({ top: 0.4, bottom: 0 }),
        look,
        {
          kind: "halve",
          screen: (given) => given.map((one) => ({ ...one, reward: one.reward && one.reward / 2 })),
        },
      ],
      candidates,
      () => context(),
    );
    expect(seen).toEqual([["b", "c", "d"]]);
    expect(out.map(({ reward }) => reward)).toEqual([4, null, 0.5]);
    expect(counts).toEqual([
      { kind: "trim", of: "conversations", in: 3, out: 2 },
      { kind: "look", of: "conversations", in: 2, out: 2 },
      { kind: "halve", of: "conversations", in: 2, out: 2 },
    ]);
  });

  it("refuses a stage that makes conversations up or doubles them", async () => {
    const run = (screened: (given: readonly Candidate[]) => Candidate[]) =>
      screen([{ kind: "own", screen: screened }], rewarded(9), () => context());
    await expect(run(() => [talk("z", 3)])).rejects.toThrow(/own gave the conversation z/);
    await expect(run((given) => [...given, ...given])).rejects.toThrow(/own gave the conversation a/);
  });

  it("lets rows through all that amend them", async () => {
    const rows = rewarded(9, 8).map(({ id }) => ({
      prompt: [],
      completion: [],
      source: { interaction: id, exchange: 0 },
    }));
    const first = {
      kind: "first",
      amend: (data: PreferenceData) => ({ ...data, rows: data.rows.slice(0, 1) }),
    };
    const { data, counts } = await amend(
      [
        first as never,
        { kind: "none", amend: (given) => ({ ...given, rows: [] }) as PreferenceData },
        first as never,
      ],
      { method: "sft", rows },
      () => context(),
    );
    expect(data.rows).toEqual([]);
    expect(counts).toEqual([
      { kind: "first", of: "rows", in: 2, out: 1 },
      { kind: "none", of: "rows", in: 1, out: 0 },
    ]);
  });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "stops at a stage that gives a reward of %s",
  async (reward) => {
    const stage: Defence = { kind: "own", screen: (all) => all.map((one) => ({ ...one, reward })) };
    await expect(screen([stage], [talk("a", 9)], () => context())).rejects.toThrow(
      `the reward ${reward}, which is no number`,
    );
  },
);
