import { describe, expect, it } from "vitest";
import { placed } from "../../../src/mistakes.js";
import { raterBias } from "../../../src/preference/defences/rater-bias.js";
import {
  loggedRows,
  loggedTalks,
  type MarkedReply,
  raterReport,
  repliesOfRound,
  select,
  suspicion,
} from "../../../src/preference/index.js";
import { random } from "./random.js";

let line = 0;
const marked = (
  mark: number,
  { user = `u${line}`, asked = `q${line}`, reply = `r${line}`, topic = "" } = {},
): MarkedReply => ({
  place: { file: "x", line: ++line },
  user,
  time: null,
  topic,
  messages: [
    { role: "user", content: asked },
    { role: "assistant", content: reply },
  ],
  mark,
});
const scale = { min: 1, max: 10 };
const round = { round: 1, rounds: 1, scale };

describe("rounds of logs", () => {
  it("take every reply once, in order", () => {
    const all = Array.from({ length: 10 }, (_, at) => at);
    const even = [1, 2, 3].map((one) => repliesOfRound(all, { round: one, rounds: 3 }));
    expect(even.flat()).toEqual(all);
    expect(even.map(({ length }) => length)).toEqual([3, 3, 4]);
    expect(repliesOfRound(all, { round: 3, rounds: 3, perRound: 4 })).toEqual([8, 9]);
  });

  it("put marks of several people on one conversation together, the last one of each", () => {
    const same = { asked: "q", reply: "r" };
    const talks = loggedTalks(
      [
        marked(1, { ...same, user: "a" }),
        marked(0, { ...same, user: "b" }),
        marked(0, { ...same, user: "a" }),
        marked(0.5),
      ],
      round,
    );
    expect(talks).toMatchObject([
      { user: "a", rated_by: "a", ratings: [1], panel: [{ rater: "b", ratings: [1] }], reward: 1 },
      { ratings: [5.5], reward: 5.5 },
    ]);
  });
});

describe("rows of logs", () => {
  const rows = (method: "sft" | "kto" | "dpo", replies: MarkedReply[], top = 0.5, bottom = 0.5) => {
    const selection = select(loggedTalks(replies, round), { method, top, bottom, seed: "s" });
    return loggedRows(method, selection, { middle: 5.5, margin: 1, seed: "s" }).rows;
  };

  it("imitate none that was turned down and avoid none that was liked, whatever share is asked for", () => {
    const replies = [1, 0, 0, 0].map((mark) => marked(mark));
    expect(rows("sft", replies, 1)).toHaveLength(1);
    const kto = rows(
      "kto",
      [1, 1, 1, 0].map((mark) => marked(mark)),
    );
    expect(kto.map((row) => "label" in row && row.label).sort()).toEqual([false, true, true]);
  });

  it("go by the users' own marks where a stage ranks otherwise", async () => {
    const replies = Array.from({ length: 8 }, (_, at) =>
      marked(at % 2, { reply: at % 2 ? "good" : "bad", user: `v${at}` }),
    );
    const candidates = await raterBias(20, scale).screen!(loggedTalks(replies, round), {} as never);
    expect(Math.max(...candidates.map(({ reward }) => reward!))).toBeLessThan(5.5);
    const selection = select(candidates, { method: "sft", top: 0.5, bottom: 0.5, seed: "s" });
    const { rows: kept } = loggedRows("sft", selection, { middle: 5.5, margin: 1, seed: "s" });
    expect(kept.map((row) => "completion" in row && row.completion[0]!.content)).toEqual(
      Array(4).fill("good"),
    );
  });

  it("neither imitate nor avoid a reply that was cut off, and take what somebody made of it", () => {
    const cut = {
      ...marked(0, { asked: "q", reply: "a begin" }),
      edited: "a whole reply",
      cut: true as const,
    };
    const other = marked(1, { asked: "q", reply: "b" });
    expect(
      rows("sft", [cut, other], 1).map((row) => "completion" in row && row.completion[0]!.content),
    ).toEqual(["b", "a whole reply"]);
    expect(JSON.stringify(rows("kto", [cut, other]))).not.toContain("a begin");
    expect(rows("dpo", [cut, other], 1)).toMatchObject([{ chosen: [{ content: "a whole reply" }] }]);
  });

  it("hold the marked reply alone, not those before it", () => {
    const talk = marked(1);
    talk.messages = [
      ...talk.messages,
      { role: "user", content: "and?" },
      { role: "assistant", content: "last" },
    ];
    expect(rows("sft", [talk], 1)).toMatchObject([
      {
        prompt: [{}, {}, { content: "and?" }],
        completion: [{ content: "last" }],
        source: { interaction: placed(talk.place), exchange: 1 },
      },
    ]);
  });

  it("pair two replies to the same conversation", () => {
    const replies = [
      marked(1, { asked: "q", reply: "a" }),
      marked(0.2, { asked: "q", reply: "b" }),
      marked(1),
    ];
    expect(rows("dpo", replies)).toMatchObject([
      { chosen: [{ content: "a" }], rejected: [{ content: "b" }] },
    ]);
  });
});

describe("raters of logs", () => {
  it("are told apart where they marked the same words, whoever asked what", () => {
    const draw = random(7);
    const replies = Array.from({ length: 40 }, (_, user) => user).flatMap((user) =>
      Array.from({ length: 12 }, () => {
        const good = draw() < 0.5;
        const biased = user < 8;
        const liked = (biased ? !good : good) !== draw() < 0.1;
        return marked(liked ? 1 : 0, {
          user: `${biased ? "biased" : "fair"}-${user}`,
          reply: good ? "no" : "yes",
          topic: `t${Math.floor(draw() * 5)}`,
        });
      }),
    );
    const { raters, agreement, shared } = raterReport(replies);
    expect(shared).toBe(10);
    expect(agreement).toBeGreaterThan(0.5);
    expect(raters.slice(0, 8).every(({ user }) => user.startsWith("biased-"))).toBe(true);
    expect(suspicion(raters[0]!)).toBeGreaterThan(0);
  });

  it("are not judged where nobody marked what another did", () => {
    const { agreement, raters } = raterReport([marked(1), marked(0)]);
    expect(agreement).toBeNull();
    expect(raters.map(({ likesBad }) => likesBad)).toEqual([null, null]);
  });
});
