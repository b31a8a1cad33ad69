import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { expandSweep, loadScenario } from "../../src/scenario/index.js";

const folder = mkdtempSync(join(tmpdir(), "candor-limits-"));
const file = join(folder, "x.yaml");
const WHOLE = "name: x\npopulation: {personas: {benign: rest, biased: 0.1}}\n";

function complaint(text: string, set: readonly string[] = []): string {
  writeFileSync(file, text);
  try {
    loadScenario(file, set);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replaceAll(file, "x.yaml");
  }
  return "";
}

describe("amounts beyond any experiment are told before anything is made", () => {
  it.each([
    ["sweep: {seeds: 1e9}", "x.yaml:3:16 sweep.seeds: expected at most 10000, found 1000000000"],
    ["rounds: 400000000", "rounds: expected at most 10000"],
    ["population: {size: 1e12, personas: {benign: rest}}", "population.size: expected at most"],
    ["interaction: {exchanges: 1e9}", "interaction.exchanges: expected at most"],
    ["preference: {samples_per_turn: 1e9}", "preference.samples_per_turn: expected at most"],
    ["training: {lora_r: 1e9}", "training.lora_r: expected at most"],
    ["evaluation: {every: 1e12}", "evaluation.every: expected at most"],
    ["seed: 9007199254740991", "seed: expected at most 1000000000000000"],
    ["training: {max_length: 1}", "training.max_length: expected at least 2, found 1"],
    ["training: {target_modules: []}", "training.target_modules: expected at least 1 item"],
    ["models: {user: {model: m, timeout_s: 1e9}}", "models.user.timeout_s: expected at most 86400"],
    [
      "sweep: {seeds: 1000, vary: {rounds: [1, 2, 3, 4, 5], population.size: [1, 2, 3, 4, 5], interaction.exchanges: [1, 2, 3, 4, 5]}}",
      "x.yaml:3:1 sweep: asks for 125000 runs, of which a sweep may have 100000",
    ],
    [
      `sweep: {vary: {${Array.from({ length: 17 }, (_, axis) => `a${axis}: [1]`).join(", ")}}}`,
      "sweep.vary: expected at most 16 names",
    ],
  ])("%s", (field, message) => {
    const text = field.startsWith("population") ? `name: x\n${field}\n` : `${WHOLE}${field}\n`;
    expect(complaint(text)).toContain(message);
  });

  it("tells of two limits the nearest alone", () => {
    expect(complaint(`${WHOLE}seed: 1e20\n`).match(/expected at most/gu)).toHaveLength(1);
    expect(complaint(`${WHOLE}seed: 1e20\n`)).toContain("seed: expected at most 1000000000000000, found");
  });

  it("keeps a long name off the file system", () => {
    expect(complaint(WHOLE.replace("name: x", `name: ${"x".repeat(300)}`))).toContain(
      "name: expected at most 100 characters",
    );
  });
});

describe("a file with thousands of mistakes", () => {
  it("is answered with the first of them", () => {
    const unknown = Array.from({ length: 18_000 }, (_, key) => `key_${key}: 1`).join("\n");
    const lines = complaint(`${WHOLE}${unknown}\nsweep: {vary: {rounds: [1, 2, 3]}}\n`).split("\n");
    expect(lines[0]).toMatch(/^x\.yaml:3:1 key_0: unknown field/u);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("x.yaml: and 17980 more problems");
  });

  it("is answered so too where a name is a megabyte long", () => {
    expect(complaint(`${WHOLE}? ${"k".repeat(1_000_000)}\n: 1\n`)).toContain("unknown field");
  });
});

describe("values that mean something else than they seem to", () => {
  it.each([
    ["cache: no", 'x.yaml:3:8 cache: expected true, false or a folder, found "no"; write false'],
    ["cache: Off", 'found "Off"; write false'],
    ["cache: none", 'found "none"; write false'],
    [
      "models: {rater: {model: openai:x, base_url: 'http://h/v1#a'}}",
      "what stands behind # is sent to no server",
    ],
    ["cache: yes", 'found "yes"; write true'],
    ['cache: "false"', 'found "false"; write false'],
    ["cache: ~", "cache: expected"],
    ["training: {learning_rate: .inf}", "x.yaml:3:27 expected a finite number, found .inf"],
    ["models: {user: {model: m, parameters: {top_k: .inf}}}", "expected a finite number, found .inf"],
    ["name: &a [*a]", "stands inside what it names"],
    ["sweep: {cases: {a: null, b: {rounds: 1}}}", "x.yaml:3:20 sweep.cases.a: expected fields"],
    ["sweep: {cases: null}", "sweep.cases: expected fields"],
    ["sweep: null", "sweep: expected fields"],
    ["sweep: {vary: null}", "sweep.vary: expected fields"],
    ["sweep: {vary: {rounds: null}}", "sweep.vary.rounds: expected a list"],
    ["models: null", "models: expected fields"],
    ["population: null", "population"],
    ["evaluation: {suites: {mask: null}}", "evaluation.suites.mask: expected fields"],
    ["preference: {defences: [null]}", "preference.defences[0]: expected fields"],
    ["preference: {defences: null}", "preference.defences: expected a list"],
    ["source: null", "source: expected"],
    [
      "models: {user: {model: 'openai:m', base_url: 'http://127.0.0.1:_00/v1'}}",
      "models.user.base_url: expected an address such as http://localhost:8000/v1",
    ],
    ["models: {user: {model: 'openai:m', base_url: 'file:///etc/passwd'}}", "expected an address such as"],
    ["models: {user: {model: m, api_key_env: 'A B'}}", "expected the name of an environment variable"],
  ])("%s", (field, message) => {
    const text = /^(?:name|population)/u.test(field)
      ? `${field.startsWith("name") ? "population: {personas: {benign: rest}}" : "name: x"}\n${field}\n`
      : `${WHOLE}${field}\n`;
    expect(complaint(text)).toContain(message);
  });

  it("is so for --set as well", () => {
    expect(complaint(WHOLE, ["training.learning_rate=.inf"])).toContain(
      "expected a finite number, found .inf",
    );
    expect(complaint(WHOLE, ["cache=no"])).toContain(
      "--set cache=no: cache: expected true, false or a folder",
    );
    expect(complaint(WHOLE, [`name=${"[".repeat(5_000)}`])).toContain("nested more than 64 levels deep");
  });
});

describe("values of an axis stay apart wherever they are shown", () => {
  it.each([
    [
      "population.personas.biased: [0, 0.0004]",
      "x.yaml:3:48 sweep.vary.population.personas.biased[1]: 0.0004 and 0 are both shown as 0.0 %; leave one out, or move them further apart",
    ],
    ["population.personas.biased: [0.1, 0.1001]", "0.1001 and 0.1 are both shown as 10.0 %"],
    ['situations: ["minnow", minnow]', "minnow stands here twice"],
    ['training.external.model: ["1", 1]', '1 and "1" are both shown as 1'],
  ])("%s", (axis, message) => {
    expect(complaint(`${WHOLE}sweep: {vary: {${axis}}}\n`)).toContain(message);
  });

  it("lets pass what is apart", () => {
    expect(complaint(`${WHOLE}sweep: {vary: {population.personas.biased: [0, 0.001, 0.002]}}\n`)).toBe("");
    expect(complaint(`${WHOLE}sweep: {vary: {training.learning_rate: [0.0001, 0.00011]}}\n`)).toBe("");
  });
});

it("gives the cells of a sweep seeds of their own", () => {
  writeFileSync(file, `${WHOLE}seed: 999999999999999\nsweep: {seeds: 3}\n`);
  const seeds = expandSweep(loadScenario(file).scenario).map(({ seed }) => seed);
  expect(new Set(seeds).size).toBe(3);
});
