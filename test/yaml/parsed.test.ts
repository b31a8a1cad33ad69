import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { composeYaml } from "../../src/yaml/compose.js";
import { parseYaml } from "../../src/yaml/index.js";
import { shippedValue } from "../../src/yaml/parsed.js";

// The build writes down what the parser says of each shipped pack, and it is read in the parser's place.

const files = readdirSync(packageFile("situations"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .map((path) => [path, readFileSync(packageFile(`situations/${path}`), "utf8")] as const);

it.each(files)("%s holds what the parser says", (_path, source) => {
  const { value } = parseYaml(source, "x.yaml");
  // Text for text: also the order of fields is that of the file.
  expect(JSON.stringify(value)).toBe(JSON.stringify(composeYaml(source, "x.yaml").document.toJS()));
});

it("has what each file of some length holds, and nothing for one that a person changed", () => {
  const long = files.filter(([, source]) => source.length > 20_000);
  expect(long.length).toBeGreaterThan(8);
  for (const [path, source] of long) {
    expect([path, shippedValue(source)]).toEqual([path, expect.any(Object)]);
    expect(shippedValue(`${source}# mine\n`)).toBeUndefined();
  }
});

it("knows the place of a field all the same, and gives each reader a value of its own", () => {
  const source = readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8");
  const path = ["situations", 3, "users", 1, "background"];
  const file = parseYaml(source, "x.yaml");
  const { line } = file.where(path, "key");
  expect(source.split("\n")[line - 1]).toContain("background: ");
  expect(file.where(path, "key")).toEqual(parseYaml(`${source}# mine\n`, "x.yaml").where(path, "key"));
  expect(parseYaml(source, "x.yaml").value).not.toBe(file.value);
});
