import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { asEnvironment, mayTouch, NOTHING, permissionsOf } from "../../src/permissions/index.js";

describe("what a user lets files of strangers do", () => {
  it("is what the command line says, or the environment", () => {
    expect(permissionsOf({}, {})).toEqual(NOTHING);
    expect(permissionsOf({ paths: true }, { CANDOR_ALLOW_KEYS: "1", CANDOR_ALLOW_MODULES: "yes" })).toEqual({
      paths: true,
      keys: true,
      modules: false,
    });
  });

  it("reaches programs that are started, and none that was not given it", () => {
    for (const given of [NOTHING, { paths: true, keys: false, modules: true }])
      expect(permissionsOf({}, { CANDOR_ALLOW_KEYS: "1", ...asEnvironment(given) })).toEqual(given);
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
  const readers = files.filter((file) => readFileSync(file, "utf8").includes("permissionsOf("));
  expect(readers.map((file) => file.slice(source.length + 1)).sort()).toEqual([
    "cli/permissions.ts",
    "permissions/permissions.ts",
    "sweep/worker.ts",
  ]);
  const namers = files.filter((file) => readFileSync(file, "utf8").includes("CANDOR_ALLOW_"));
  expect(namers.map((file) => file.slice(source.length + 1)).sort()).toEqual([
    "permissions/permissions.ts",
    "scenario/keys.ts",
  ]);
});
