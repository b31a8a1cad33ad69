import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.js";
import { exitCode, reportFailure } from "../../src/cli/exit.js";
import { openFilesMessage } from "../../src/cli/open-files.js";
import { OutsideFailed, UserError } from "../../src/errors.js";
import { packageFile, packageVersion } from "../../src/package-root.js";
import { loadScenario } from "../../src/scenario/index.js";
import { folderWith } from "../scenario/files.js";
import { candor } from "./candor.js";
import { candorIn } from "./in-process.js";

describe("candor", () => {
  it("prints its version, and its help with exit codes", async () => {
    const folder = folderWith({});
    expect(candor(["--version"], folder)).toEqual({
      code: 0,
      stdout: `${packageVersion()}\n`,
      stderr: "",
    });
    const help = await candorIn(["--help"], folder);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("Exit codes: 0 done");
  });

  it("shows an example in the help of every command", async () => {
    const folder = folderWith({});
    const names = [...(await candorIn(["--help"], folder)).stdout.matchAll(/^ {2}([a-z]+)/gm)].map(
      (match) => match[1]!,
    );
    const own = names.filter((name) => name !== "help");
    expect(own.length).toBeGreaterThanOrEqual(commands.length);
    for (const name of own) {
      const { code, stdout } = await candorIn([name, "--help"], folder);
      expect([name, code]).toEqual([name, 0]);
      expect(stdout).toContain("Example");
      // What few people need stands last.
      expect(stdout.split("\n\n").at(-1)).toMatch(/^Permissions, with any command:\n {2}--allow-modules/);
      expect(stdout.indexOf("--allow-")).toBeGreaterThan(stdout.indexOf("Example"));
    }
  });

  it.each([
    [[], "Usage: candor"],
    [["bogus"], "candor: unknown command 'bogus'"],
    [["initt"], "(Did you mean init?)"],
    [["schema", "--x"], "candor: unknown option '--x'"],
    [["compare", "one"], "candor compare --help shows how)"],
    [["judge", "check"], "candor judge check --help shows how)"],
    [["doctor", "extra"], "candor: too many arguments"],
    [["show", "runs/x-1", "runs/x-2"], "a pattern such as runs/name-* stands for all folders that it fits"],
    [
      ["eval", "minnow", "--probes", "0"],
      "candor: option '--probes <n>' argument '0': expected a whole number from 1 on.",
    ],
    [["view", "--port", "70000"], "expected a whole number from 0 to 65535."],
    [["chat", "minnow", "--temperature", "-1"], "expected a number from 0 on."],
  ])("exits 2 on wrong usage: %o", async (args, message) => {
    const { code, stdout, stderr } = await candorIn(args, folderWith({}));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

describe("candor init", () => {
  it("writes a commented scenario that loads, named for its file", async () => {
    const folder = folderWith({});
    expect((await candorIn(["init", "my study.yaml"], folder)).code).toBe(0);
    const { scenario, source } = loadScenario(join(folder, "my study.yaml"));
    expect(scenario.name).toBe("my-study");
    expect(source.split("\n").filter((line) => line.includes("#")).length).toBeGreaterThan(15);
    expect(source).not.toContain("npm start");
    await candorIn(["init", "short"], folder);
    expect(loadScenario(join(folder, "short.yaml")).scenario.name).toBe("short");
    await candorIn(["init", "true.yaml"], folder);
    expect(loadScenario(join(folder, "true.yaml")).scenario.name).toBe("true");
  });

  it("never overwrites", async () => {
    const folder = folderWith({ "scenario.yaml": "mine" });
    expect(await candorIn(["init"], folder)).toEqual({
      code: 2,
      stdout: "",
      stderr: "candor: scenario.yaml exists already; name another file\n",
    });
    expect(readFileSync(join(folder, "scenario.yaml"), "utf8")).toBe("mine");
    expect((await candorIn(["init", "no/such/x.yaml"], folder)).stderr).toContain(
      "its folder does not exist",
    );
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

describe("candor schema", () => {
  it("prints JSON Schema", async () => {
    const { code, stdout } = await candorIn(["schema"], folderWith({}));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", required: ["name"] });
  });

  it("minds no closed pipe", async () => {
    const child = spawn(process.execPath, [packageFile("dist/cli/main.js"), "schema"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, "close");
    expect([code, said]).toEqual([0, ""]);
  });
});

describe("candor doctor", () => {
  it("says of each thing whether it is there and what it is for, and writes nothing", async () => {
    const folder = folderWith({});
    const before = readdirSync(folder);
    const { code, stdout } = await candorIn(["doctor", "--json"], folder);
    const findings = JSON.parse(stdout) as {
      name: string;
      found: boolean;
      required: boolean;
      purpose: string;
    }[];
    expect(findings.map(({ name }) => name)).toEqual([
      "node",
      "onnxruntime",
      "minnow",
      "runs folder",
      "python + trl",
      "redis-server",
      "sbatch",
      "chromium",
    ]);
    for (const name of ["node", "onnxruntime", "runs folder"]) {
      expect(findings.find((finding) => finding.name === name)).toMatchObject({ found: true });
    }
    expect(code).toBe(findings.some(({ required, found }) => required && !found) ? 1 : 0);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("misses what is not on PATH, and that is no failure", () => {
    const { stdout } = candor(["doctor"], folderWith({}), { PATH: "/nowhere" });
    expect(stdout).toMatch(
      /^absent {2}redis-server +not on PATH \(optional: sweeps over several machines\)$/m,
    );
    expect(stdout).toMatch(/^absent {2}python \+ trl +not on PATH/m);
  });
});

describe("reportFailure", () => {
  const report = (error: unknown, aborted = false) => {
    let said = "";
    const code = reportFailure(
      error,
      aborted ? AbortSignal.abort() : new AbortController().signal,
      (text) => {
        said += text;
      },
    );
    return { code, said };
  };

  it("tells mistakes of the user from failures of ours and from interruptions", () => {
    expect(report(new UserError("x.yaml:1:1 a: bad\nx.yaml:2:1 b: bad"))).toEqual({
      code: exitCode.usage,
      said: "candor: x.yaml:1:1 a: bad\ncandor: x.yaml:2:1 b: bad\n",
    });
    const failure = report(new TypeError("x is not a function"));
    expect(failure.code).toBe(exitCode.failed);
    expect(failure.said).toContain("CANDOR_DEBUG=1");
    expect(failure.said).not.toContain("reportFailure");
    // A server or a trainer that fails is no surprise of ours: nothing to look for in the code.
    expect(report(new OutsideFailed("trl sft ended with code 1"))).toEqual({
      code: exitCode.failed,
      said: "candor: trl sft ended with code 1\n",
    });
    const full = Object.assign(new Error("open"), { code: "EMFILE" });
    expect(report(new Error("outer", { cause: full })).said).toMatch(
      /^candor: the system allows .* open files.*; raise the limit, e\.g\. with: ulimit -n 4096\n$/u,
    );
    const missing = Object.assign(new Error("Cannot find package 'zod'"), { code: "ERR_MODULE_NOT_FOUND" });
    expect([openFilesMessage(missing, 64), openFilesMessage(missing, 100_000)]).toEqual([
      "the system allows only 64 open files at once; raise the limit, e.g. with: ulimit -n 4096",
      null,
    ]);
    expect(report(new Error("interrupted"), true).code).toBe(exitCode.interrupted);
  });
});
