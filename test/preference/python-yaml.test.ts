import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { pythonYaml } from "../../src/preference/index.js";
import { pythonWith } from "../reference/python.js";

const settings = {
  save_strategy: "no",
  yes: "yes",
  learning_rate: 1e-7,
  huge: 1e30,
  whole: 3,
  half: 0.5,
  negative: -2.5e-9,
  flag: true,
  nothing: null,
  texts: [
    "on",
    "off",
    "null",
    "~",
    "1e-7",
    "12:30:45",
    "0x1F",
    "1_000",
    "2026-01-01",
    "- a: b",
    "<<",
    "=",
    "",
    " x ",
    "#no",
  ],
  paths: ["/runs/a [1]/b: c", "C:\\runs", "tab\tline\nnew", "é 日本語 🙂"],
  nested: { list: [{ path: "json" }], y: "n" },
};

test("every text is quoted, every fraction has a point", () => {
  const text = pythonYaml(settings);
  expect(text).toContain('save_strategy: "no"\n');
  expect(text).toContain("learning_rate: 1.0e-7\n");
  expect(text).toContain("huge: 1.0e+30\n");
  expect(text).toContain("negative: -2.5e-9\n");
  expect(text).toContain("whole: 3\n");
});

const python = pythonWith("yaml");
test.skipIf(!python)("Python reads back what was written (skipped without PyYAML)", () => {
  const code = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read())))";
  const read = execFileSync(python!, ["-c", code], { input: pythonYaml(settings), encoding: "utf8" });
  expect(JSON.parse(read)).toStrictEqual(settings);
});
