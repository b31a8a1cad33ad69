import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { NOTHING } from "../../src/permissions/index.js";
import {
  loadScenario,
  namedFile,
  packFolder,
  personaFile,
  requirePermitted,
} from "../../src/scenario/index.js";
import { PATHS } from "../permissions.js";
import { candor } from "../sweep/cells.js";

// home/ has a stranger's scenario in home/project, links that lead out of it, and what must not be touched around it.
const world = realpathSync(mkdtempSync(join(tmpdir(), "candor-paths-")));
const project = join(world, "home/project");
for (const folder of ["data", "personas", ".ssh", "inner"])
  mkdirSync(join(project, folder), { recursive: true });
for (const file of [
  "secret.jsonl",
  "home/secret.jsonl",
  "home/project/.ssh/key.jsonl",
  "home/project/data/rows.jsonl",
])
  writeFileSync(join(world, file), "{}\n");
symlinkSync(world, join(project, "out"));
symlinkSync(join(world, "secret.jsonl"), join(project, "data/link.jsonl"));
symlinkSync("rows.jsonl", join(project, "data/alias.jsonl"));
writeFileSync(join(world, "home/evil.yaml"), "name: evil\n");
writeFileSync(join(world, "home/pack.yaml"), "name: evil\n");
const scenario = join(project, "x.yaml");

/** Every place in a scenario where a file or folder is named. */
const PLACES: Record<string, (name: string) => object> = {
  "evaluation.suites.mask.file": (file) => ({ evaluation: { suites: { mask: { file } } } }),
  "evaluation.suites.mask.file[1]": (file) => ({
    evaluation: { suites: { mask: { file: ["english", file] } } },
  }),
  "evaluation.judge_check": (file) => ({ evaluation: { judge_check: file } }),
  "interaction.rater_check": (file) => ({ interaction: { rater_check: file } }),
  "source.data": (data) => ({ source: { kind: "direct", data } }),
  "source.data, in a variant": (data) => ({ source: { kind: "direct", data, variant: "severe" } }),
  "source.variant": (variant) => ({ source: { kind: "direct", data: "data", variant } }),
  "source.added": (added) => ({ source: { kind: "mixture", data: "data/rows.jsonl", added, share: 0.5 } }),
  "preference.defences.0.file": (file) => ({
    preference: { defences: [{ kind: "replay", file, share: 0.5 }] },
  }),
  "preference.defences.0.path": (path) => ({ preference: { defences: [{ kind: "module", path }] } }),
  "preference.defences.0.judge": (name) => ({
    preference: { defences: [{ kind: "honesty_veto", judge: `hf:${name}` }] },
  }),
  "budget.prices": (prices) => ({ budget: { usd: 1, prices } }),
  prompts: (prompts) => ({ prompts }),
  cache: (cache) => ({ cache }),
  "models.assistant": (name) => ({ models: { assistant: `hf:${name}` } }),
  "models.user.model": (name) => ({ models: { user: { model: `minnow:${name}` } } }),
};

/** What `loadScenario` says of a scenario with these fields, of paths alone. */
function refusal(fields: object, permissions = NOTHING): string | null {
  writeFileSync(
    scenario,
    JSON.stringify({
      name: "x",
      rounds: 1,
      population: { size: 8, personas: { benign: "rest" } },
      ...fields,
    }),
  );
  try {
    loadScenario(scenario, [], permissions);
    return null;
  } catch (error) {
    return (error as Error).message.split("\n").find((line) => line.includes("--allow-paths")) ?? null;
  }
}

describe.each(Object.entries(PLACES))("%s", (place, fields) => {
  const field = place
    .split(/[, ]/u)[0]!
    .replace(".0.", "[0].")
    .replace(/\.model$/u, ".model");
  const outside = [
    "../secret.jsonl",
    "data/../../secret.jsonl",
    join(world, "secret.jsonl"),
    "/etc/passwd",
    "out/secret.jsonl",
    "out/not/there",
    "data/link.jsonl",
    ".ssh/key.jsonl",
    "data/../.ssh",
  ];
  // Models and caches are looked up from the working folder, which is the checkout here.
  const fromHere = /^(?:models|cache|preference.defences.0.judge)/u.test(place);
  const variant = place === "source.variant";
  const name = (path: string): string => (variant ? `../${path}` : fromHere ? resolve(project, path) : path);

  it.each(outside.filter((path) => !(variant && (path.startsWith("/") || path === "data/link.jsonl"))))(
    "does not take %s",
    (path) => {
      expect(refusal(fields(name(path)))).toContain(field);
    },
  );

  it("takes what lies beside the scenario, and anything with --allow-paths", () => {
    for (const path of ["data/rows.jsonl", "data/alias.jsonl", "./data", "data/not-there"])
      expect(refusal(fields(name(path)))).toBeNull();
    for (const path of outside) expect(refusal(fields(name(path)), PATHS)).toBeNull();
  });
});

it("takes no path that leads out of the two folders, however it is put together", () => {
  const step = fc.constantFrom(
    "..",
    ".",
    "",
    "data",
    "out",
    ".ssh",
    "inner",
    "rows.jsonl",
    "link.jsonl",
    "home",
    "project",
  );
  const path = fc.tuple(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 7 }));
  let taken = 0;
  fc.assert(
    fc.property(path, ([absolute, steps]) => {
      const name = `${absolute ? `${world}/` : ""}${steps.join("/")}` || ".";
      if (refusal({ evaluation: { suites: { mask: { file: name } } } }) !== null) return;
      taken += 1;
      // Reckoned anew, by the system's own following of links.
      let target = resolve(project, name);
      for (;;) {
        try {
          target = realpathSync(target);
          break;
        } catch {
          target = dirname(target);
        }
      }
      expect([project, packageFile(".")].some((root) => `${target}/`.startsWith(`${root}/`))).toBe(true);
      expect(target.slice(project.length)).not.toMatch(/\/\./u);
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it("holds for scenarios that did not come from a file, as those of a queue", () => {
  refusal({});
  const { scenario: loaded } = loadScenario(scenario);
  expect(() => requirePermitted({ ...loaded, cache: "/etc" }, scenario, NOTHING)).toThrow(
    /x\.yaml:1:1 cache: \/etc .*--allow-paths/,
  );
  expect(() => requirePermitted(loaded, scenario, NOTHING)).not.toThrow();
});

it("looks for no shipped file outside of the shipped folder", () => {
  expect(namedFile("../package.json", join(project, "inner/x.yaml"), "scenarios")).toBeNull();
  expect(namedFile("default.yaml", join(project, "inner/x.yaml"), "scenarios")).toBe(
    packageFile("scenarios/default.yaml"),
  );
});

it("lets no adapter name a checkpoint elsewhere", async () => {
  const adapter = join(project, "inner/adapter");
  const base = join(world, "home/base");
  for (const folder of [adapter, base]) mkdirSync(folder);
  writeFileSync(join(base, "config.json"), "{}");
  writeFileSync(join(adapter, "adapter_config.json"), JSON.stringify({ base_model_name_or_path: base }));
  await expect(resolveChatModel(`minnow:${adapter}`)).rejects.toThrow(
    /checkpoint .* is outside .*--allow-paths/,
  );
  await expect(resolveChatModel(`minnow:${adapter}`, { permissions: PATHS })).rejects.not.toThrow(
    /--allow-paths/,
  );
});

it("is refused by the command line with exit code 2 and nothing written; --allow-paths lifts it", async () => {
  refusal({});
  const args = ["run", "x.yaml", "--set", "cache=../cache", "--set", "population.size=8", "--quiet"];
  const refused = await candor(project, args).ended;
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/--set cache=\.\.\/cache: cache: .*--allow-paths/),
  ]);
  const unknown = await candor(project, [...args, "--set", "situations=nowhere", "--allow-paths"]).ended;
  expect(unknown.stderr).not.toMatch(/--allow-paths/);
});

it.each(["../../evil", "..", "../..", "/etc/passwd", "a/../../../evil", "a\\..\\evil", ".", "", "a\0b"])(
  "takes %j for no persona and no situation pack",
  (name) => {
    expect(personaFile(name, scenario)).toBeNull();
    expect(packFolder(name, scenario)).toBeNull();
  },
);

it.each(["../x", "a/b", "..", ".hidden", "/x", ""])("lets no run be named %j", (name) => {
  writeFileSync(
    scenario,
    `name: ${JSON.stringify(name)}\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\n`,
  );
  expect(() => loadScenario(scenario)).toThrow(/name/);
});
