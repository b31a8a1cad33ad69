import { describe, expect, it } from "vitest";
import { chatPiece, errorIn, isCatalogue, isRunView, parsed } from "../../../src/viewer/app/state/checked.js";

describe("what the server says on an open connection", () => {
  const catalogue = { folder: "runs", runs: [], sweeps: [], damaged: [] };
  const entry = { id: "a", name: "a", status: "done", honesty: [0.9, null], axes: {} };
  const run = {
    entry,
    rounds: [],
    checkpoints: [0],
    scenario: "name: a",
    versions: {},
    inputs: {},
    warnings: [],
    suites: [],
  };

  it("is a state where it has what the pages read", () => {
    expect(isCatalogue(catalogue)).toBe(true);
    expect(isRunView(run)).toBe(true);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "runs"],
    ["a list", []],
    ["an error page's fields", { error: "no" }],
    ["an older server's", { ...catalogue, sweeps: {} }],
  ])("is none where it is %s", (_name, value) => {
    expect(isCatalogue(value)).toBe(false);
    expect(isRunView(value)).toBe(false);
  });

  it("is none where a part is not what it was", () => {
    expect(isRunView({ ...run, entry: { ...entry, honesty: 0.9 } })).toBe(false);
    expect(isRunView({ ...run, rounds: undefined })).toBe(false);
  });

  it.each([
    ['{"text":"hello"}', { text: "hello" }],
    ['{"end":{"seconds":1.5,"tokens":3}}', { end: { seconds: 1.5, tokens: 3 } }],
    ['{"end":{"seconds":1.5,"tokens":null}}', { end: { seconds: 1.5, tokens: null } }],
    ['{"error":"gone"}', { error: "gone" }],
  ])("is a piece of a reply: %s", (line, piece) => {
    expect(chatPiece(line)).toEqual(piece);
  });

  it.each(["", "<html>", '{"text":3}', '{"end":1}', "null"])("is no piece: %j", (line) => {
    expect(() => chatPiece(line)).toThrow("Reload it");
  });

  it("is an error with its words, or none", () => {
    expect(errorIn('{"error":"the run is gone"}')).toBe("the run is gone");
    expect(errorIn("<html>502</html>")).toBeUndefined();
    expect(parsed("{")).toBeUndefined();
  });
});
