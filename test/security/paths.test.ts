import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadScenario, packFolder, personaFile } from "../../src/scenario/index.js";

const world = mkdtempSync(join(tmpdir(), "candor-paths-"));
mkdirSync(join(world, "inner"));
writeFileSync(join(world, "evil.yaml"), "name: evil\n");
writeFileSync(join(world, "pack.yaml"), "name: evil\n");
const scenario = join(world, "inner/x.yaml");

it.each(["../../evil", "..", "../..", "/etc/passwd", "a/../../../evil", "a\\..\\evil", ".", "", "a\0b"])(
  "takes %j for no persona and no situation pack",
  (name) => {
    mkdirSync(join(world, "inner/personas"), { recursive: true });
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
