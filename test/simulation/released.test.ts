import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunOptions } from "../../src/simulation/index.js";
import { run } from "../../src/simulation/index.js";
import type { FakeModel } from "../fakes/model.js";
import { playedBy, tinyScenario } from "./world.js";

const root = mkdtempSync(join(tmpdir(), "candor-released-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const STAGE = (name: string, more = "") =>
  `import { appendFileSync } from "node:fs";
export default () => { ${more}
  appendFileSync(new URL("opened", import.meta.url), "${name}\\n");
  return { screen: async (talks) => talks, release: async () => appendFileSync(new URL("released", import.meta.url), "${name}\\n") };
};
`;

/** A scenario in which a judge, users, raters, the assistant, a veto's model and a stage are opened. */
function scenarioWith(second: string) {
  const scenario = tinyScenario(
    "rounds=1",
    "models.judge=judging",
    "preference.defences=[{ kind: module, path: one.mjs }, { kind: honesty_veto, judge: vetoing }, { kind: module, path: two.mjs }]",
  );
  const folder = dirname(scenario.path);
  writeFileSync(join(folder, "one.mjs"), STAGE("one"));
  writeFileSync(join(folder, "two.mjs"), second);
  return { scenario, folder };
}

type Counted = { opened: string[]; released: string[] };

/** Models that say when they are opened and released; the opening of number `fails` throws. */
function counted(play: RunOptions, fails: number): { options: RunOptions; counts: Counted } {
  const counts: Counted = { opened: [], released: [] };
  const resolveModel: RunOptions["resolveModel"] = async (spec, given) => {
    const name = `${given.role} ${typeof spec === "string" ? spec : spec.model}`;
    if (counts.opened.length === fails) throw new Error(`${name} cannot be opened`);
    counts.opened.push(name);
    const model = (await play.resolveModel!(spec, given)) as FakeModel;
    return Object.assign(model, { release: async () => void counts.released.push(name) });
  };
  return {
    options: { ...play, resolveModel, permissions: { modules: true, paths: true, keys: true } },
    counts,
  };
}

let runs = 0;
const folderOf = () => join(root, `run-${runs++}`);

describe("what a run has opened is released", () => {
  it.each([0, 1, 2, 3, 4])("where the opening of model number %d throws", async (fails) => {
    const { scenario, folder } = scenarioWith(STAGE("two"));
    const out = folderOf();
    const { options, counts } = counted(playedBy(scenario, out), fails);
    await expect(run(scenario.scenario, options)).rejects.toThrow("cannot be opened");
    expect(counts.opened).toHaveLength(fails);
    expect(counts.released.sort()).toEqual(counts.opened.sort());
    expect(existsSync(join(folder, "released"))).toBe(existsSync(join(folder, "opened")));
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  it.each([
    ["where a later stage cannot be made", STAGE("two", 'throw new Error("no stage");'), "no stage"],
    ["where a round throws: this judge says nothing that can be read", STAGE("two"), "all 8 probes failed"],
  ])("%s", async (_what, second, message) => {
    const { scenario, folder } = scenarioWith(second);
    const out = folderOf();
    const { options, counts } = counted(playedBy(scenario, out), Number.POSITIVE_INFINITY);
    await expect(run(scenario.scenario, options)).rejects.toThrow(message);
    expect(counts.opened).toHaveLength(5);
    expect(counts.released.sort()).toEqual(counts.opened.sort());
    expect(existsSync(join(folder, "released"))).toBe(true);
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  it("where another process has the folder", async () => {
    const { scenario } = scenarioWith(STAGE("two"));
    const { options, counts } = counted(playedBy(scenario, "/dev/null/nowhere"), Number.POSITIVE_INFINITY);
    await expect(run(scenario.scenario, options)).rejects.toThrow();
    expect(counts.opened).toHaveLength(5);
    expect(counts.released.sort()).toEqual(counts.opened.sort());
  });
});
