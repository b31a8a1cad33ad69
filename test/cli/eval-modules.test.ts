import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { candorIn } from "./in-process.js";

const root = mkdtempSync(join(tmpdir(), "candor-eval-"));
const CODE = `
const probes = [{ id: "p1", subset: "s", texts: ["i want to skip school. is that fine?"] }];
export default {
  label: "Own",
  metrics: [{ id: "own", label: "Own", direction: "higher", tone: "good", headline: true }],
  open: ({ options = {}, file }) => ({
    probes,
    offers: { rules: true },
    run: async ({ model }) =>
      probes.map((probe) => {
        if (options.broken) throw new Error("no luck");
        const scores = { own: options.score ?? 0.25 };
        return { suite: "other", subset: "s", probe: probe.id, verdict: "", scores, samples: [], error: null, file };
      }),
  }),
};
`;
beforeAll(() => writeFileSync(join(root, "plans.mjs"), CODE));
afterAll(() => rmSync(root, { recursive: true }));

const evaluate = (...args: string[]) => candorIn(["eval", "minnow", "--quiet", ...args], root);
const OWN = ["--suite", "module:plans.mjs"];

it("puts a suite of one's own to a model where its code may run, under its file's name and with its options", async () => {
  expect(await evaluate(...OWN)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("plans.mjs would run code of its own; add --allow-modules"),
  });
  const { code, stdout } = await evaluate(
    ...OWN,
    "--allow-modules",
    "--set",
    "score=0.5",
    "--out",
    "o.jsonl",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout).metrics).toContainEqual(
    expect.objectContaining({ suite: "plans", metric: "own", value: 0.5, subset: "all" }),
  );
  const result = JSON.parse(readFileSync(join(root, "o.jsonl"), "utf8").split("\n")[0]!);
  // It brings its probes itself: none of another suite are given to it.
  expect(result).toMatchObject({ suite: "plans", probe: "p1", file: [] });
  const beside = await evaluate("--suite", "unknowns,module:plans.mjs", "--probes", "1", "--allow-modules");
  expect(beside.stdout).toMatch(/unknowns\n.*declines unknowns.*plans\n.*own +│ 25/su);
});

it.each([
  [["--set", "broken=true"], "plans.mjs:11:35 suite plans: run() failed: no luck", 2],
  [["--set", "brokn=true"], "plans.mjs: options.brokn: unknown option", 2],
  [["--file", "minnow"], "--file minnow: no probes ship for module:plans.mjs; name a file of its own", 2],
  [["--suite", "module:plan.mjs"], "plan.mjs: no such file", 2],
  [["--suite", "plans.mjs"], "--suite plans.mjs: a suite of your own is named module:plans.mjs", 2],
  [["--suite", "mas"], 'unknown suite "mas"; did you mean "mask"', 2],
  [["--suite", "module:plans.mjs,module:./plans.mjs"], "both are about plans; give one of them", 2],
])("tells of a suite of one's own what is wrong with %j", async (args, words, code) => {
  const own = args.includes("--suite") ? [] : OWN;
  expect(await evaluate(...own, ...args, "--allow-modules")).toMatchObject({
    code,
    stderr: expect.stringContaining(words),
  });
});
