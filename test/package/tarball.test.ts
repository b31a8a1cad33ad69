import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFile, packageVersion } from "../../src/package-root.js";

// What somebody has who has only the packed file: an empty folder, npm as it comes and its registry.

const folder = mkdtempSync(join(tmpdir(), "candor-tarball-"));
const nodes = mkdtempSync(join(tmpdir(), "candor-nodes-"));
const installed = join(folder, "node_modules/candor");
const carried = join(installed, "dist/node_modules/onnxruntime-node");
const tarball = join(folder, `candor-${packageVersion()}.tgz`);
const platform = `${process.platform}-${process.arch}`;

/** npm without what the checkout or this test run set for it. */
function npm(args: string[], cwd: string): SpawnSyncReturns<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return spawnSync("npm", args, { cwd, encoding: "utf8", env });
}

/** The least version that candor promises to run on, the newest with long-term support, the newest; from the registry too. */
const NODES = ["20.19.0", "24.22.3", "26.10.0"];
// It installs a few hundred packages and two Nodes: minutes that CI has, and a newcomer's second command has not.
const tried = process.env.CI !== undefined || process.env.CANDOR_TEST_PACKAGE !== undefined;
const hasRegistry = tried && npm(["view", `node-${platform}@${NODES[0]}`, "version"], folder).status === 0;

/** Node of a version as the registry has it, without the script that its own package would run. */
function nodeOf(version: string): string {
  const to = join(nodes, version);
  mkdirSync(to, { recursive: true });
  const got = npm(["install", "--ignore-scripts", "--prefix", to, `node-${platform}@${version}`], to);
  expect(got.stderr).not.toContain("npm error");
  return join(to, `node_modules/node-${platform}/bin/node`);
}

function candor(args: string[], node = process.execPath): SpawnSyncReturns<string> {
  return spawnSync(node, [join(installed, "dist/cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

const SMALL = ["rounds=1", "population.size=8", "evaluation.suites.mask.probes=4"].flatMap((field) => [
  "--set",
  field,
]);

const why = tried ? "" : " (in CI, or with CANDOR_TEST_PACKAGE=1)";
describe.skipIf(!hasRegistry)(`the packed file, where the npm registry can be reached${why}`, () => {
  let install: SpawnSyncReturns<string>;
  beforeAll(() => {
    const packed = npm(["pack", "--pack-destination", folder], packageFile(""));
    expect(packed.stderr).not.toContain("npm error");
    install = npm(["install", "--ignore-scripts=false", "--prefer-offline", tarball], folder);
    expect([install.status, install.stderr]).toEqual([0, expect.not.stringContaining("npm error")]);
  });
  afterAll(() => {
    for (const path of [folder, nodes]) rmSync(path, { recursive: true, force: true });
  });

  it("brings neither the runtime's install script nor other platforms nor what only the checkout needs", () => {
    expect(existsSync(join(folder, "node_modules/onnxruntime-node"))).toBe(false);
    expect(JSON.parse(readFileSync(join(carried, "package.json"), "utf8"))).not.toHaveProperty("scripts");
    const there = readdirSync(join(carried, "bin/napi-v6"), { recursive: true, withFileTypes: true });
    const binaries = there.filter((entry) => entry.isFile());
    expect(new Set(binaries.map((entry) => entry.parentPath))).toEqual(
      new Set([join(carried, "bin/napi-v6", process.platform, process.arch)]),
    );
    expect(binaries).toHaveLength(2);
    const files = readdirSync(installed, { recursive: true }) as string[];
    expect(files.filter((name) => /\.(?:tsbuildinfo|js\.map)$|\.test\.|^src\b/u.test(name))).toEqual([]);
  });

  it("brings no package with an install script, so npm names none", () => {
    const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripts = Object.entries(lock.packages).filter(
      ([, { hasInstallScript }]) => hasInstallScript === true,
    );
    expect(scripts.map(([path]) => path)).toEqual([]);
    expect(install.stderr).not.toMatch(/install.script/iu);
  });

  it("says what to install for a queue, whose client would bring one", () => {
    const refused = candor(["worker", "--queue", "redis://127.0.0.1:6379"]);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      "candor: --queue: BullMQ, the client of Redis queues, does not come with candor; beside candor, npm install bullmq@6\n",
    ]);
  });

  it("brings the docs with their figures, and every module a source of today", () => {
    for (const path of [
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
      "docs/view.md",
      "docs/figures/default-drift.svg",
    ])
      expect([path, existsSync(join(installed, path))]).toEqual([path, true]);
    const links = readFileSync(join(installed, "README.md"), "utf8").matchAll(/\]\((docs\/[^)#]+)/gu);
    for (const [, path] of links) expect([path, existsSync(join(installed, path!))]).toEqual([path, true]);
    for (const name of readdirSync(join(installed, "dist"), { recursive: true }) as string[]) {
      if (!name.endsWith(".js") || name.startsWith("node_modules")) continue;
      const source = packageFile(`src/${name.slice(0, -3)}`);
      expect([name, existsSync(`${source}.ts`) || existsSync(`${source}.tsx`)]).toEqual([name, true]);
    }
  });

  it("writes a scenario and runs it, through npx and with no argument", () => {
    expect(npm(["exec", "--offline", "candor", "init"], folder).status).toBe(0);
    const ran = spawnSync("npx", ["--offline", "candor", "run", "--json", ...SMALL], {
      cwd: folder,
      encoding: "utf8",
    });
    expect([ran.status, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(ran.stdout)).toBeTruthy();
    expect(readdirSync(join(folder, "runs"))).toHaveLength(1);
  });

  it.each(NODES)("runs on Node %s", (version) => {
    const node = nodeOf(version);
    expect(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim()).toBe(`v${version}`);
    const ran = candor(["run", "--quiet", "--out", `runs-${version}`, ...SMALL], node);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toContain("drift.csv");
  });

  it("says on another platform what to install", () => {
    const own = join(carried, "bin/napi-v6", process.platform);
    renameSync(own, `${own}-else`);
    try {
      const refused = candor(["eval", "minnow", "--suite", "capability", "--probes", "1"]);
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(
        /^candor: this package of candor carries ONNX Runtime for .* npm install onnxruntime-node@\S+ --ignore-scripts\n$/u,
      );
    } finally {
      renameSync(`${own}-else`, own);
    }
  });
});
