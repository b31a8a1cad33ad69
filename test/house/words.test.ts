import { expect, it } from "vitest";
import { sources } from "./imports.js";

it("tells people what a schema found in our own words alone, which src/yaml has", () => {
  const raw = /\b(?:error|parsed|result|about)\??\.(?:error\??\.)?issues\b|\bprettifyError\b|\bissues\[0\]/u;
  expect(raw.test("const issue = parsed.error.issues[0]!;")).toBe(true);
  const found = sources()
    .filter(({ path }) => !path.startsWith("yaml/"))
    .filter(({ text }) => raw.test(text))
    .map(({ path }) => path);
  expect(found).toEqual([]);
});
