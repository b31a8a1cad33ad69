import { expect, it } from "vitest";
import { unpack } from "../../src/sweep/queue/parcel.js";

const index = (...files: [string, number][]) =>
  JSON.stringify({ files: files.map(([path, bytes]) => ({ path, bytes })) });

it("unpacks files in their order, empty ones too", () => {
  const files = unpack(index(["run.json", 2], ["rounds/001/a.jsonl", 0], ["b", 1]), Buffer.from("xyz"));
  expect(files.map(({ path, content }) => [path, content.toString()])).toEqual([
    ["run.json", "xy"],
    ["rounds/001/a.jsonl", ""],
    ["b", "z"],
  ]);
});

it.each(["../x", "a/../../x", "/etc/x", "", "a//b", "a\\..\\x", "./x", "a/.", "a\0b", "C:x"])(
  "lets no path lead out of the folder: %j",
  (path) => {
    expect(() => unpack(index([path, 1]), Buffer.from("x"))).toThrow(/outside its folder/);
  },
);

it("notices bytes that are missing or too many", () => {
  expect(() => unpack(index(["a", 2]), Buffer.from("x"))).toThrow(/cut short/);
  expect(() => unpack(index(["a", -1], ["b", 2]), Buffer.from("x"))).toThrow(/cut short/);
  expect(() => unpack(index(["a", 1]), Buffer.from("xy"))).toThrow(/more bytes/);
});
