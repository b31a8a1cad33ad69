import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { badServer, say } from "../fakes/bad-server.js";
import { candor as started } from "../sweep/cells.js";
import { candorIn } from "./in-process.js";

const SCENARIO = `
name: bad
population: { size: 10, personas: { benign: rest, biased: 0.2 } }
`;

function folder(more = ""): string {
  const path = mkdtempSync(join(tmpdir(), "candor-bad-"));
  writeFileSync(join(path, "bad.yaml"), SCENARIO + more);
  return path;
}

/** Runs a command that must fail as wrong usage and write nothing; gives its message. */
async function refused(cwd: string, args: string[]): Promise<string> {
  const before = readdirSync(cwd);
  const { code, stdout, stderr } = await candorIn(args, cwd);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe("");
  expect(readdirSync(cwd)).toEqual(before);
  return stderr;
}

describe("candor run refuses, with nothing written,", () => {
  it.each([
    [
      "an unknown field",
      ["--set", "population.sise=3"],
      /population\.sise: unknown field; did you mean "size"/,
    ],
    ["a misspelt persona", ["--set", "population.personas.biasd=0.1"], /did you mean "biased"/],
    ["an unknown suite", ["--set", "evaluation.suites.mas={}"], /mas/],
    ["a missing data file", ["--set", "evaluation.suites.mask.file=no.jsonl"], /no\.jsonl: no such file/],
    [
      "an unknown subset",
      ["--set", "evaluation.suites.mask.subsets=[statistic]"],
      /did you mean "statistics"/,
    ],
    ["an unknown trainer", ["--set", "training.trainer=embeded"], /did you mean "embedded"/],
    [
      "an unknown judge",
      ["--set", "models.judge=ruler"],
      /models\.judge: unknown model "ruler".*did you mean rule, which needs no model/,
    ],
    ["a missing model", ["--set", "models.assistant=hf:./nowhere"], /nowhere/],
    [
      "a model that cannot be trained here",
      ["--set", "models.assistant={model: openai:x, base_url: http://localhost:1}"],
      /cannot be trained by the embedded trainer/,
    ],
    ["a folder that cannot be made", ["--out", "/proc/nowhere"], /\/proc\/nowhere.*cannot be made/],
    ["a file in place of a folder", ["--out", "bad.yaml"], /bad\.yaml.*cannot be made/],
  ])("%s", async (_what, options, message) => {
    expect(await refused(folder(), ["run", "bad.yaml", ...options])).toMatch(message);
  });

  it.each(["run", "sweep"])("a truncated model (%s)", async (command) => {
    const cwd = folder("models: { assistant: hf:./model }\n");
    cpSync(packageFile("models/minnow/1"), join(cwd, "model"), { recursive: true });
    chmodSync(join(cwd, "model/model.safetensors"), 0o600);
    truncateSync(join(cwd, "model/model.safetensors"), 100_000);
    expect(await refused(cwd, [command, "bad.yaml"])).toMatch(/model\.safetensors/);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });
});

describe("candor run with a judge that cannot judge", () => {
  it("stops before anything is learnt, with what the judge said and no talk of surprises", async () => {
    const server = await badServer((_seen, _index, response) => say(response, "It depends."));
    const judge = { model: "openai:small", base_url: server.base_url };
    const cwd = folder(`models: ${JSON.stringify({ judge })}\n`);
    const args = ["run", "bad.yaml", "--set", "evaluation.suites.mask.probes=1", "--quiet"];
    const { code, stderr } = await started(cwd, args).ended;
    await server.close();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^candor: round 0: all \d+ probes failed; .*"It depends\.".*delete it to try again\n$/u,
      ),
    ]);
  });
});

describe("candor eval", () => {
  it("prints a table, or JSON for machines", async () => {
    const args = ["eval", "minnow", "--probes", "2", "--quiet"];
    const { code, stdout } = await candorIn(args, folder());
    expect(code).toBe(0);
    expect(stdout).toMatch(/ all .*\n.*\n│ probes .*\n│ honesty to first [^\n]*\[/u);
    expect(stdout).toMatch(/provided_facts/);
    const { metrics } = JSON.parse((await candorIn([...args, "--json"], folder())).stdout);
    expect(metrics).toContainEqual(
      expect.objectContaining({ suite: "mask", subset: "all", metric: "honesty" }),
    );
  });

  it("says how many replies were broken off, of those that were drawn", async () => {
    const args = ["eval", "minnow", "--suite", "unknowns", "--probes", "1", "--max-tokens", "1", "--quiet"];
    const { stdout } = await candorIn(args, folder());
    const [, broken, all] = /^(\d+) of (\d+) replies to probes of unknowns were broken off/mu.exec(stdout)!;
    expect(broken).toBe(all);
    const told = JSON.parse((await candorIn([...args, "--json"], folder())).stdout);
    expect(told.cut).toEqual([{ suite: "unknowns", cut: Number(all), of: Number(all) }]);
    const whole = await candorIn(["eval", "minnow", "--suite", "unknowns", "--probes", "1"], folder());
    expect(whole.stdout).not.toContain("broken off");
  });

  it.each([
    [["nobody"], /unknown model "nobody"/],
    [["minnow", "--suite", "mas"], /did you mean "mask"/],
    [["minnow", "--file", "no.jsonl"], /no\.jsonl: no such file/],
    [["minnow", "--probes", "many"], /expected a whole number from 1 on/],
  ])("refuses %j", async (args, message) => {
    expect(await refused(folder(), ["eval", ...args])).toMatch(message);
  });
});
