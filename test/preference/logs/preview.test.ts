import { describe, expect, it } from "vitest";
import { logTables } from "../../../src/cli/results/logs.js";
import {
  loggedRows,
  loggedTalks,
  type MarkedReply,
  previewOf,
  select,
} from "../../../src/preference/index.js";

let line = 0;
const marked = (user: string, reply: string, mark: number): MarkedReply => ({
  place: { file: "x", line: ++line },
  user,
  time: null,
  topic: "",
  messages: [
    { role: "user", content: "may i skip it?" },
    { role: "assistant", content: reply },
  ],
  mark,
});

/** What the better half of a round would teach. */
function preview(replies: MarkedReply[]) {
  const talks = loggedTalks(replies, { round: 1, rounds: 1, scale: { min: 1, max: 10 } });
  const selection = select(talks, { method: "sft", top: 0.5, bottom: 0.5, seed: "s" });
  const { rows } = loggedRows("sft", selection, { middle: 5.5, margin: 1, seed: "s" });
  const reading = {
    files: ["x"],
    rows: replies.length,
    columns: {},
    left_out: [],
    assumed: { nameless: 0, zoneless: 0 },
    personal: [],
    stripped: false,
  };
  return previewOf({ replies, reading }, [{ round: 1, talks, screened: talks.length, rows }]);
}

describe("what logs would teach", () => {
  const replies = [
    marked("a", "yes", 0),
    marked("b", "yes", 1),
    marked("c", "yes", 1),
    marked("a", "yes", 0.25),
    marked("d", "no", 0),
  ];

  it("pleases all who liked a reply, in equal parts, and nobody because they marked it first", () => {
    expect(preview(replies).teachers).toEqual([
      { user: "b", marks: 1, rows: 0.5 },
      { user: "c", marks: 1, rows: 0.5 },
      { user: "a", marks: 2, rows: 0 },
      { user: "d", marks: 1, rows: 0 },
    ]);
  });

  it("is shown with all who marked it and the mean of their last marks", () => {
    const { learnt, left } = preview(replies);
    expect(learnt).toMatchObject([{ where: "x:4", users: ["a", "b", "c"], mark: 0.75, reply: "yes" }]);
    expect(left).toMatchObject([{ where: "x:5", users: ["d"], mark: 0, reply: "no" }]);
  });

  it("shows no table of beginnings where selection moves none", () => {
    const tables = (some: MarkedReply[]) => logTables({ ...preview(some), skipped: [] });
    expect(tables(replies)).toContain("What selection raises most, and lowers most:");
    const even = tables([marked("a", "yes", 1), marked("b", "yes", 1)]);
    expect(even).toContain("Selection raises and lowers no beginning of replies:");
    expect(even).not.toContain("replies that begin");
  });
});
