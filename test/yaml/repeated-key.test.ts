import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJsonText } from "../../src/yaml/index.js";
import { repeatedKey } from "../../src/yaml/repeated-key.js";

it.each([
  ['{"a": 1, "b": 2, "a": 3}', "rows.jsonl:4:18"],
  ['[{"a": 1}, {"a": {"a": 1, "\\u0061": 2}}]', "rows.jsonl:4:27"],
  ['{"__proto__": 1, "__proto__": 2}', "rows.jsonl:4:18"],
  ['{"a\\\\": 1, "a\\"": 1,\n "a\\\\": 2}', "rows.jsonl:5:2"],
])("is told with its place: %s", (text, place) => {
  const read = () => parseJsonText(text, { file: "rows.jsonl", line: 4 }, "mend it");
  expect(read).toThrow(`${place} "`);
  expect(read).toThrow(/stands twice; keep one; mend it$/u);
});

it("is found wherever it is put, and nowhere else", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(object, fc.jsonValue(), fc.nat(), fc.boolean(), (value, other, at, isSpaced) => {
      const text = JSON.stringify([value, "}{", other], null, isSpaced ? 1 : 0);
      expect(repeatedKey(text)).toBeNull();
      const fields = Object.entries(value).map(
        ([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`,
      );
      const keys = Object.keys(value);
      const again = keys[at % keys.length]!;
      expect(repeatedKey(`[{${[...fields, `${JSON.stringify(again)}: 0`].join()}}]`)?.key).toBe(again);
    }),
  );
});
