import { join } from "node:path";
import { expect, it } from "vitest";
import { lookAt } from "../../src/check/look.js";
import { probesOf } from "../../src/check/row-kinds.js";
import { type SuiteKind, suiteNamed } from "../../src/evaluation/index.js";
import { folderWith } from "../scenario/files.js";

// It reads any question, as `unknowns` does, and knows a field more.
const doubted: SuiteKind = {
  ...suiteNamed("unknowns"),
  name: "doubted",
  fields: [...suiteNamed("unknowns").fields!, "doubt"],
};

it.each([
  ["that says what the user doubts", { type: "plain", question: "is it so?", doubt: "are you sure?" }, 1],
  ["of questions alone", { type: "plain", question: "is it so?" }, 0],
])("takes a file %s for the suite's that knows most of its fields", (_what, row, expected) => {
  const path = join(folderWith({ "x.jsonl": `${JSON.stringify(row)}\n` }), "x.jsonl");
  const [ours, theirs] = [doubted, suiteNamed("unknowns")].map((kind) =>
    probesOf(kind).likeness(lookAt(path)),
  );
  expect(Math.sign(ours! - theirs!)).toBe(expected);
});
