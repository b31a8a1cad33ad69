import { join, sep } from "node:path";
import fc from "fast-check";
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
  expect(() => unpack(index(["a", -1], ["b", 2]), Buffer.from("x"))).toThrow(/index cannot be read/);
  expect(() => unpack(index(["a", 1]), Buffer.from("xy"))).toThrow(/more bytes/);
});

const file = fc.record({
  path: fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(fc.constantFrom("a", "b.json", "..", ".", "", "c d"), { maxLength: 4 })
        .map((steps) => steps.join("/")),
    },
    { weight: 1, arbitrary: fc.anything() },
  ),
  bytes: fc.oneof({ weight: 4, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.anything() }),
});
const indexJson = fc.oneof(
  { weight: 4, arbitrary: fc.record({ files: fc.array(file, { maxLength: 3 }) }).map(asJson) },
  { weight: 1, arbitrary: fc.anything().map(asJson) },
  { weight: 1, arbitrary: fc.string() },
);

function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? Number(part) : part)) ?? "";
}

it("unpacks any index and bytes into their folder and nothing more, or says what is wrong", () => {
  let unpacked = 0;
  fc.assert(
    fc.property(indexJson, fc.uint8Array({ maxLength: 12 }), (json, bytes) => {
      let files: ReturnType<typeof unpack>;
      try {
        files = unpack(json, Buffer.from(bytes));
      } catch (error) {
        expect((error as Error).message).toMatch(/^the parcel (?:is damaged|names)/);
        return;
      }
      unpacked += 1;
      expect(Buffer.concat(files.map(({ content }) => content))).toEqual(Buffer.from(bytes));
      for (const { path } of files) expect(join(sep, "out", path)).toBe(`/out/${path}`);
    }),
    { numRuns: 5_000 },
  );
  expect(unpacked).toBeGreaterThan(20);
});
