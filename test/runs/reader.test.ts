import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSource } from "../../src/report/index.js";
import { DamagedFile, readRun, readSweep, runPaths } from "../../src/runs/index.js";
import { changeChecked, changeLines } from "../fakes/run-folder.js";
import { writeRun, writeSweep } from "../viewer/folder.js";

const world = mkdtempSync(join(tmpdir(), "candor-reader-"));
let made = 0;
const newRun = (): string => {
  const folder = join(world, `run-${made++}`);
  writeRun(folder);
  return folder;
};

describe("a run that is read", () => {
  it("is what was written, and nothing where there is none", async () => {
    const run = await readRun(newRun());
    expect(run!.rounds.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(await run!.disk.round(1).population.read()).toHaveLength(20);
    expect(await readRun(join(world, "nowhere"))).toBeUndefined();
  });

  it.each([undefined, 1, 3, "2"])("of another schema (%s) is refused in one sentence", async (schema) => {
    const folder = newRun();
    changeChecked(runPaths(folder).run, (run) => ({ ...run, schema }));
    await expect(readRun(folder)).rejects.toThrow(
      /run\.json was written by another version of candor .* reads 2\)/u,
    );
  });

  it("of another version, which wrote its files whole but otherwise, is refused in one sentence that says how", async () => {
    const otherwise =
      /^\S+ is whole, and not what this version .+: another version wrote it, or it is another file; read it with that version, or put it back/u;
    const folder = newRun();
    changeChecked(runPaths(folder).run, ({ biased: _biased, ...run }: { biased: number }) => run);
    await expect(readRun(folder)).rejects.toThrow(/run\.json is whole, .*\(biased: missing;/u);
    await expect(readRun(folder)).rejects.toThrow(otherwise);
    const lines = newRun();
    changeLines(runPaths(lines), 1, "interactions", ({ reward: _reward, ...row }) => row);
    const { interactions } = (await readRun(lines))!.disk.round(1);
    await expect(interactions.read()).rejects.toThrow(/interactions\.jsonl:1 is whole, .*\(reward: missing/u);
    await expect(interactions.read()).rejects.toThrow(otherwise);
  });

  it("is damaged, and no other version's, where its files are not as they were written", async () => {
    const folder = newRun();
    const { interactions } = runPaths(folder).round(1);
    writeFileSync(interactions, readFileSync(interactions, "utf8").replace('"reward"', '"rewerd"'));
    const { disk } = (await readRun(folder))!;
    await expect(disk.round(1).interactions.read()).rejects.toThrow(
      /interactions\.jsonl:1 is damaged \(reward: missing/u,
    );
    const { run } = runPaths(folder);
    writeFileSync(run, readFileSync(run, "utf8").replace('"biased": ', '"beased": '));
    await expect(readRun(folder)).rejects.toThrow(/run\.json is damaged \(it is not what was written/u);
  });

  it.each([
    ["another scenario", { seed: 2 }],
    ["a hash that is no name", { hash: "../../x" }],
    ["a status that there is not", { status: "perfect" }],
  ])("says so where its manifest has %s", async (_what, change) => {
    const folder = newRun();
    changeChecked(runPaths(folder).run, (run) => ({ ...run, ...change }));
    await expect(readRun(folder)).rejects.toThrow(DamagedFile);
  });

  it("is refused where it is done and a round is missing, and where two rounds changed places", async () => {
    const short = newRun();
    rmSync(runPaths(short).round(2).folder, { recursive: true });
    await expect(readRun(short)).rejects.toThrow(/002\/round\.json is missing from a run that is done/u);
    const swapped = newRun();
    const [one, two, aside] = [
      runPaths(swapped).round(1).folder,
      runPaths(swapped).round(2).folder,
      join(swapped, "x"),
    ];
    renameSync(one, aside);
    renameSync(two, one);
    renameSync(aside, two);
    await expect(readRun(swapped)).rejects.toThrow(/001\/round\.json is damaged \(round: expected 1/u);
  });

  it("gives a report no numbers from files that are not as they were written", async () => {
    const folder = newRun();
    writeFileSync(runPaths(folder).round(2).probes, "");
    await expect(readSource(folder)).rejects.toThrow(/probes\.jsonl has 0 lines where 10 were written/u);
  });
});

it("is not read through links that lead out of the folder it must lie in", async () => {
  const outside = newRun();
  const within = join(world, "within");
  const inside = join(within, "run");
  mkdirSync(within, { recursive: true });
  cpSync(outside, inside, { recursive: true });
  const run = await readRun(inside, { within });
  const { population } = runPaths(inside).round(1);
  rmSync(population);
  symlinkSync(runPaths(outside).round(1).population, population);
  await expect(run!.disk.round(1).population.read()).rejects.toThrow(
    /leads out of .*within by a symbolic link/u,
  );
  rmSync(runPaths(inside).run);
  symlinkSync(runPaths(outside).run, runPaths(inside).run);
  await expect(readRun(inside, { within })).rejects.toThrow("by a symbolic link");
  expect(await readRun(inside)).toBeDefined();
});

it("reads a sweep, and refuses one whose cells lie elsewhere", async () => {
  const folder = join(world, "sweep");
  writeSweep(folder);
  expect((await readSweep(folder))!.cells).toHaveLength(4);
  changeChecked<{ cells: object[] }>(join(folder, "sweep.json"), (sweep) => ({
    ...sweep,
    cells: sweep.cells.map((cell) => ({ ...cell, folder: "../outside" })),
  }));
  await expect(readSweep(folder)).rejects.toThrow(/sweep\.json is damaged \(cells\[0\]: folder/u);
});
