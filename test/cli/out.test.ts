import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeMadeUpSweep } from "../report/folder.js";
import { candorIn } from "./in-process.js";

// What is written for people or other programs must not come over a run's results, or among them.

const folder = mkdtempSync(join(tmpdir(), "candor-out-"));
const files = () =>
  readdirSync(join(folder, "runs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, createHash("sha256").update(readFileSync(path)).digest("hex")]);

beforeAll(() => {
  const [cell] = writeMadeUpSweep(join(folder, "runs/grid"), { fractions: [0, 0.5], rounds: 1 }) as [string];
  for (const name of ["one", "two"]) cpSync(cell, join(folder, `runs/${name}`), { recursive: true });
  symlinkSync(join(folder, "runs/two"), join(folder, "link"));
  writeFileSync(
    join(folder, "x.yaml"),
    "name: x\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("refuses to write into a run's or sweep's folder:", () => {
  it.each([
    ["report runs/one --out runs/two", "runs/two lies in the folder of a run (two)"],
    ["report runs/one --out link", "link lies in the folder of a run (two)"],
    ["report runs/one --out runs/one/rounds/000", "lies in the folder of a run (one)"],
    ["report runs/one --out runs/grid", "runs/grid lies in the folder of a sweep (grid)"],
    ["export runs/one --format csv --out runs/two/export/csv", "lies in the folder of a run (two)"],
    ["export runs/one --format csv --out runs/one/checkpoints/009", "lies in the folder of a run (one)"],
    [
      "eval minnow --probes 1 --quiet --out runs/one/rounds/000/probes.jsonl",
      "lies in the folder of a run (one)",
    ],
    ["eval minnow --probes 1 --quiet --out runs/grid/mine.jsonl", "lies in the folder of a sweep (grid)"],
    ["check-drift runs/one --markdown runs/one/run.json", "name another with --markdown"],
    [
      "check-drift runs/one --junit a.xml --sarif ./a.xml",
      "--junit a.xml and --sarif ./a.xml: both are about",
    ],
    ["init runs/one/mine.yaml", "lies in the folder of a run (one)"],
    ["init runs/one/personas/mine.yaml --persona", "lies in the folder of a run (one)"],
    ["run x.yaml --out runs/one", "runs/one lies in the folder of a run (one)"],
    ["sweep x.yaml --out runs/grid/cells", "lies in the folder of a sweep (grid)"],
    ["up x.yaml --logs runs/one/logs", "name another with --logs"],
    [
      "users generate minnow --model minnow --out runs/one/situations/minnow",
      "lies in the folder of a run (one)",
    ],
  ])("%s", async (line, said) => {
    const before = files();
    const { code, stdout, stderr } = await candorIn(line.split(" "), folder);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(said)]);
    expect(files()).toEqual(before);
  });
});

it("writes where such files stand, and beside", async () => {
  for (const line of [
    "report runs/one",
    "export runs/one --format csv",
    "export runs/one --format bibtex --out runs/one/export/mine",
    "export runs/one --format csv --out tables",
    "report runs/one --out page",
  ])
    expect([line, (await candorIn(line.split(" "), folder)).code]).toEqual([line, 0]);
  expect(existsSync(join(folder, "runs/one/export/mine"))).toBe(true);
});
