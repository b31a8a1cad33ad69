import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { packageFile } from "../../src/package-root.js";
import { gather, loadOnce, loadResources } from "../../src/resources/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { PATHS } from "../permissions.js";

const SCENARIO = `name: x
rounds: 1
situations: own
population: { size: 8, personas: { own: rest } }
`;

/** One situation of the shipped pack, and below a few of its probes: to read all anew takes most of loading. */
const minnow = parse(readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8"));
const PACK = stringify({ ...minnow, name: "own", situations: minnow.situations.slice(0, 1) });

/** A scenario with a file of its own for everything that it can name. */
function world(...overrides: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "candor-resources-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("situations/own/pack.yaml", PACK);
  const persona = readFileSync(packageFile("personas/benign.yaml"), "utf8");
  write("personas/own.yaml", persona.replace(/^name: benign$/mu, "name: own"));
  for (const suite of ["mask", "unknowns"]) {
    const probes = readFileSync(packageFile(`probes/minnow/${suite}.jsonl`), "utf8").split("\n");
    write(`${suite}.jsonl`, `${probes.slice(0, 4).join("\n")}\n`);
  }
  cpSync(packageFile("models/minnow/1"), join(folder, "model"), { recursive: true });
  write("prompts.yaml", 'assistant: "be candid ."\n');
  write("rows.jsonl", `${JSON.stringify({ prompt: "q", completion: "a" })}\n`);
  const reply = [
    { role: "user", content: "q" },
    { role: "assistant", content: "a" },
  ];
  write("replay.jsonl", `${JSON.stringify({ messages: reply })}\n`);
  write("x.yaml", SCENARIO);
  const path = join(folder, "x.yaml");
  const load = () =>
    loadResources(loadScenario(path, overrides, PATHS).scenario, { scenarioPath: path, permissions: PATHS });
  return {
    folder,
    write,
    load,
    append: (name: string) => write(name, `${readFileSync(join(folder, name), "utf8")}\n`),
  };
}

const MASK = "evaluation.suites={mask: {file: mask.jsonl}}";
const EARLY = "preference.defences=[{kind: early_stop, suite: unknowns}]";

describe("what a run depends on", () => {
  it.each([
    ["prompts", "prompts prompts.yaml", "prompts.yaml", ["prompts=prompts.yaml", MASK]],
    ["a persona", "persona own", "personas/own.yaml", [MASK]],
    ["a pack", "situations", "situations/own/pack.yaml", [MASK]],
    ["a pack's further files", "situations", "situations/own/users.jsonl", [MASK]],
    ["probes", "probes of mask", "mask.jsonl", [MASK]],
    ["the probes of early_stop", "probes of unknowns", "probes/own/unknowns.jsonl", [MASK, EARLY]],
    ["data", "data rows.jsonl", "rows.jsonl", ["source={kind: direct, data: rows.jsonl}", MASK]],
    [
      "rows to replay",
      "replay replay.jsonl",
      "replay.jsonl",
      ["preference.defences=[{kind: replay, file: replay.jsonl}]", MASK],
    ],
  ])("has %s, by contents", async (_what, name, file, overrides) => {
    const { write, load, append, folder } = world(...overrides);
    if (file.startsWith("probes/")) write(file, readFileSync(join(folder, "unknowns.jsonl"), "utf8"));
    if (file.endsWith("users.jsonl")) write(file, "\n");
    const before = (await load()).inputs;
    expect(before[name]).toMatch(/^[0-9a-f]{64}$/u);
    expect((await load()).inputs).toEqual(before);
    append(file);
    const after = (await load()).inputs;
    const changed = Object.keys(after).filter((one) => after[one] !== before[one]);
    expect([Object.keys(after), changed]).toEqual([Object.keys(before), [name]]);
  });

  it("has every model on this machine: the roles', a defence's judge, what a trainer starts from, an adapter's checkpoint", async () => {
    const { folder, load, write } = world(MASK);
    const adapter = join(folder, "adapter");
    mkdirSync(adapter);
    writeFileSync(
      join(adapter, "adapter_config.json"),
      JSON.stringify({ base_model_name_or_path: join(folder, "model") }),
    );
    const path = join(folder, "x.yaml");
    const model = join(folder, "model");
    const external = `training={trainer: trl, external: {model: "${model}"}}`;
    const veto = `preference.defences=[{kind: honesty_veto, judge: "minnow:${model}"}]`;
    const overrides = [MASK, `models.user=minnow:${adapter}`, external, veto];
    const loaded = () =>
      loadResources(loadScenario(path, overrides, PATHS).scenario, {
        scenarioPath: path,
        permissions: PATHS,
      });
    const before = (await loaded()).inputs;
    const names = [
      "model minnow",
      `model minnow:${adapter}`,
      `checkpoint of minnow:${adapter}`,
      `model minnow:${model}`,
      `trained ${model}`,
    ];
    expect(Object.keys(before)).toEqual(expect.arrayContaining(names));
    write("model/config.json", `${readFileSync(join(model, "config.json"), "utf8")}\n`);
    const after = (await loaded()).inputs;
    const changed = Object.keys(after).filter((one) => after[one] !== before[one]);
    expect(changed.sort()).toEqual(names.slice(2).sort());
    expect((await load()).local.assistant?.checkpoint).toMatch(/models.minnow.1$/u);
  });
});

describe("a role that nobody asks", () => {
  const DATA = "source={kind: direct, data: rows.jsonl}";
  const NOWHERE = ["models.user=minnow:nowhere", "models.rater=hf:nowhere"];

  it("needs no model where data files stand in for users", async () => {
    const { local, inputs } = await world(DATA, ...NOWHERE, MASK).load();
    expect(local).toMatchObject({ user: null, rater: null });
    expect(Object.keys(inputs).filter((name) => name.startsWith("model "))).toEqual(["model minnow"]);
  });

  it("is the user's where each says one thing, which is the pack's", async () => {
    const once = world("models.user=minnow:nowhere", "interaction.exchanges=1", MASK);
    expect((await once.load()).local.user).toBeNull();
    await expect(world("models.user=minnow:nowhere", MASK).load()).rejects.toThrow(
      /models\.user: .*nowhere/u,
    );
  });

  it("is not the rater's where it is checked", async () => {
    const checked = "interaction.rater_check=pairs.jsonl";
    const { write, load } = world(DATA, "models.rater=hf:nowhere", checked, MASK);
    const pair = {
      persona: "own",
      situation: "drink-again",
      messages: [{ role: "user", content: "q" }],
      preferred: "a",
      other: "b",
    };
    write("pairs.jsonl", `${JSON.stringify(pair)}\n`);
    await expect(load()).rejects.toThrow(/models\.rater: .*nowhere/u);
  });
});

describe("loading once", () => {
  it("goes by the loader and all that it is given", async () => {
    const calls: unknown[] = [];
    const one = async (name: string, options: object) => calls.push([name, options]);
    const other = async (name: string, options: object) => calls.push([name, options]);
    const load = loadOnce();
    await load(one, "a", { b: 1 });
    await load(one, "a", { b: 1 });
    await load(one, "a", { b: 2 });
    await load(one, "b", { b: 1 });
    await load(other, "a", { b: 1 });
    expect(calls).toHaveLength(4);
  });

  it("remembers a failure, and says it each time", async () => {
    const load = loadOnce();
    let calls = 0;
    const fail = async () => {
      calls += 1;
      throw new Error("broken");
    };
    await expect(load(fail)).rejects.toThrow("broken");
    await expect(load(fail)).rejects.toThrow("broken");
    expect(calls).toBe(1);
  });
});

it("does not record two different things under one name", () => {
  const { take, inputs } = gather();
  expect(take({ value: 1, inputs: { a: "x" } })).toBe(1);
  take({ value: 2, inputs: { a: "x", b: "y" } });
  expect(inputs()).toEqual({ a: "x", b: "y" });
  expect(() => take({ value: 3, inputs: { a: "z" } })).toThrow("two different things are called a");
});
