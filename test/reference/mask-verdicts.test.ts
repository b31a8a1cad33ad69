import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { differingFrom, type InspectPatterns } from "../evaluation/inspect-patterns.js";
import { pythonWith } from "./python.js";

const python = pythonWith("inspect_evals", "inspect_ai");

/** Ten thousand random patterns of labels and two thousand of intervals, judged by inspect_evals' own functions. */
async function judgedByInspect(seed: number): Promise<string> {
  const { stdout } = await promisify(execFile)(
    python!,
    [packageFile("test/reference/make_mask_fixtures.py"), String(seed)],
    { env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" }, maxBuffer: 1 << 26 },
  );
  return stdout;
}

describe.skipIf(!python)(
  "MASK's verdicts beside Inspect's own functions (skipped without inspect_evals)",
  () => {
    it("differ on none of 10,000 patterns that nobody has seen before", async () => {
      const patterns = JSON.parse(await judgedByInspect(4711)) as InspectPatterns;
      expect(patterns.binary.split(" ")).toHaveLength(10_000);
      expect(patterns.numeric).toHaveLength(2_000);
      expect(differingFrom(patterns)).toEqual({ binary: [], numeric: [] });
    });

    it("were written down as Inspect gives them", async () => {
      const committed = readFileSync(packageFile("test/evaluation/fixtures/mask-inspect.json"), "utf8");
      expect(await judgedByInspect(20_261_128)).toBe(committed);
    });
  },
);
