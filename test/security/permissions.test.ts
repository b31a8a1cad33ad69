import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { allowedHere, allowing } from "../../src/environment.js";
import { packageFile } from "../../src/package-root.js";
import { mayTouch, NOTHING, withMore } from "../../src/permissions/index.js";

describe("what a user lets files of strangers do", () => {
  const nothing = { CANDOR_ALLOW_PATHS: undefined, CANDOR_ALLOW_KEYS: "", CANDOR_ALLOW_MODULES: "0" };
  const inEnvironment = (variables: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries({ ...nothing, ...variables })) vi.stubEnv(name, value);
  };

  it("is what the command line says, or the environment", () => {
    inEnvironment({});
    expect(allowedHere()).toEqual(NOTHING);
    inEnvironment({ CANDOR_ALLOW_KEYS: "1" });
    expect(withMore(allowedHere(), { paths: true })).toEqual({ paths: true, keys: true, modules: false });
  });

  it("is asked for again where the environment says neither yes nor no", () => {
    inEnvironment({ CANDOR_ALLOW_MODULES: "yes" });
    expect(allowedHere).toThrow('CANDOR_ALLOW_MODULES: expected 1 or nothing, found "yes"');
  });

  it("reaches programs that are started, and none that was not given it", () => {
    for (const given of [NOTHING, { paths: true, keys: false, modules: true }]) {
      inEnvironment({ CANDOR_ALLOW_KEYS: "1", ...allowing(given) });
      expect(allowedHere()).toEqual(given);
    }
  });

  it("comes with the permission to run code", () => {
    expect(mayTouch(NOTHING, "/etc/passwd", ["/tmp"])).toBe(false);
    expect(mayTouch({ ...NOTHING, modules: true }, "/etc/passwd", ["/tmp"])).toBe(true);
  });
});

it("is looked up in the environment at the edges of the program alone", () => {
  const source = packageFile("src");
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
  const readers = files.filter((file) => readFileSync(file, "utf8").includes("allowedHere("));
  expect(readers.map((file) => file.slice(source.length + 1)).sort()).toEqual([
    "cli/permissions.ts",
    "environment.ts",
    "sweep/worker.ts",
  ]);
  const namers = files.filter((file) => readFileSync(file, "utf8").includes("CANDOR_ALLOW_"));
  expect(namers.map((file) => file.slice(source.length + 1)).sort()).toEqual([
    "environment.ts",
    "scenario/keys.ts",
  ]);
});
