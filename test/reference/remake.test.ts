import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSafetensors } from "../../src/engine/index.js";
import { packageFile } from "../../src/package-root.js";
import { warmCommand } from "./one-python.js";
import { pythonWith } from "./python.js";

// Where Python has the pinned packages the reference values are made again: fixtures that nobody can remake, or that
// were made by another script than the one committed, would prove nothing.
const python = pythonWith("torch", "transformers", "peft", "trl");
const scratch = mkdtempSync(join(tmpdir(), "candor-remake-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(!python)(
  "reference values made again (skipped without torch, transformers, PEFT and TRL)",
  () => {
    let warm: Awaited<ReturnType<typeof warmCommand>>;
    beforeAll(async () => {
      warm = await warmCommand(python!);
    });

    test.each([
      ["make_engine_fixtures.py", "test/engine/fixtures", ["minnow", "adapters", "hidden", "feedback"]],
      ["make_adapter_fixtures.py", "test/engine/fixtures/adapters", []],
      ["make_minnow_fixtures.py", "test/engine/fixtures/minnow", []],
      ["make_feedback_fixtures.py", "test/engine/fixtures/feedback", []],
      ["make_hidden_fixtures.py", "test/engine/fixtures/hidden", []],
      ["make_probe_fixtures.py", "test/disposition/fixtures/probe", []],
      ["make_tokenizer_fixtures.py", "test/engine-generate/fixtures", ["templates"]],
      ["make_template_fixtures.py", "test/engine-generate/fixtures/templates", []],
    ])("%s writes what is committed", async (script, folder, others) => {
      const made = join(scratch, script);
      const [program, ...asking] = warm;
      await promisify(execFile)(program, [...asking, packageFile(`test/reference/${script}`), made], {
        env: { ...process.env, HF_HOME: scratch, PYTHONDONTWRITEBYTECODE: "1" },
        maxBuffer: 1 << 26,
      });
      const committed = packageFile(folder);
      const kept = files(committed).filter((name) => !others.some((other) => name.startsWith(`${other}/`)));
      expect(files(made)).toStrictEqual(kept);
      for (const name of kept) await expectSame(join(made, name), join(committed, name));
    });
  },
);

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function expectSame(made: string, committed: string) {
  if (made.endsWith(".safetensors")) {
    const [one, other] = await Promise.all([readSafetensors(made), readSafetensors(committed)]);
    expect([...one.weights.keys()].sort()).toStrictEqual([...other.weights.keys()].sort());
    for (const [name, { shape, data }] of one.weights) {
      const expected = other.weights.get(name)!;
      expect(shape, name).toStrictEqual(expected.shape);
      expectClose([...data], [...expected.data], `${committed} ${name}`);
    }
    return;
  }
  const [one, other] = [readFileSync(made, "utf8"), readFileSync(committed, "utf8")];
  if (made.endsWith(".json")) expectLike(JSON.parse(one), JSON.parse(other), committed);
  else expect(one, committed).toBe(other);
}

/** Equal but for the rounding of numbers. Lists of words may be sets, which Python writes in any order. */
function expectLike(made: unknown, committed: unknown, where: string): void {
  if (typeof committed === "number") expectClose([made as number], [committed], where);
  else if (
    Array.isArray(committed) &&
    committed.length > 0 &&
    committed.every((item) => typeof item === "string")
  )
    expect([...(made as string[])].sort(), where).toStrictEqual([...committed].sort());
  else if (typeof committed === "object" && committed !== null) {
    expect(Object.keys(made as object), where).toStrictEqual(Object.keys(committed));
    for (const [key, value] of Object.entries(committed))
      expectLike((made as Record<string, unknown>)[key], value, `${where} ${key}`);
  } else expect(made, where).toBe(committed);
}

/** Another processor sums in another order; ten steps of AdamW carry that on. */
function expectClose(made: number[], committed: number[], where: string) {
  expect(made.length, where).toBe(committed.length);
  const scale = Math.max(1e-6, ...committed.map(Math.abs));
  const worst = made.reduce((most, value, i) => Math.max(most, Math.abs(value - committed[i]!)), 0);
  expect(worst / scale, where).toBeLessThan(1e-3);
}
