import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { candorIn } from "../cli/in-process.js";
import { badServer, say } from "../fakes/bad-server.js";
import { candor, driftIn, newWorld } from "./cells.js";
import { worldOfFew } from "./few.js";
import { HOOK, killAtRandom, play } from "./random-kills.js";

it("ends with the same drift.csv after kills at 10 random moments", async () => {
  const { kills, cut, runs, drifts, expected } = await killAtRandom(10, "tests");
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(cut).toBeGreaterThan(0); // how many depends on how often a run writes
  expect(runs).toBeGreaterThan(1);
  expect([...drifts]).toEqual([expected]);
});

it("repeats no more than the conversations in flight", async () => {
  const server = await badServer((_seen, _index, response) => say(response, "7"));
  const world = worldOfFew("repeats");
  const rater = { model: "openai:fake", base_url: server.base_url, max_concurrency: 1 };
  const file = join(world, "cells.yaml");
  const scenario = readFileSync(file, "utf8")
    .replace("size: 8", "size: 40")
    .replace("rounds: 2", "rounds: 1");
  writeFileSync(file, `${scenario}cache: false\nmodels: ${JSON.stringify({ rater })}\n`);
  const kills: (number | null)[] = [];
  for (const at of [30, 25, 25, 25]) kills.push((await play(world, "out", { at, torn: 0.5 })).code);
  const { code, stderr } = await play(world, "out");
  await server.close();
  expect(code, stderr).toBe(0);
  expect(kills).toEqual([null, null, null, null]);
  const asked = server.seen.map(({ body }) => JSON.stringify(body));
  const perConversation = new Set(asked).size / 40;
  // A server that takes one call at a time has two conversations waiting for it.
  expect(new Set(asked).size).toBeGreaterThanOrEqual(40);
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(kills.length * 2 * perConversation);
});

// A file system of its own, which only the superuser may make.
const disk = join(newWorld("disk"), "disk");
const NO_SPACE = "no space is left on the disk";
/** Bounded: where a test ran out of time the disk is unmounted beneath it, and this would fill the machine's own. */
const fill = (file: string) => spawnSync("dd", ["if=/dev/zero", `of=${file}`, "bs=1k", "count=64"]);
mkdirSync(disk);
const canMount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk]).status === 0;

describe.skipIf(!canMount)(`a small disk${canMount ? "" : " (needs the right to mount one)"}`, () => {
  afterAll(() => {
    spawnSync("umount", [disk]);
  });
  const world = worldOfFew("disk-scenario");
  const run = () => candorIn(["run", join(world, "cells.yaml"), "--out", disk], world);
  /** What a run gives that met no full disk. */
  const undisturbed = async () => {
    const out = join(world, "whole");
    if (!existsSync(out)) expect((await candorIn(["run", "cells.yaml", "--out", out], world)).code).toBe(0);
    return driftIn(out);
  };

  it("has no half of what init writes, which would be said to exist already", async () => {
    const [filled, wanted] = [join(disk, "filled"), join(disk, "new.yaml")];
    fill(filled);
    const full = await candorIn(["init", wanted], world);
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining(NO_SPACE)]);
    expect(existsSync(wanted)).toBe(false);
    rmSync(filled);
    expect((await candorIn(["init", wanted], world)).code).toBe(0);
    rmSync(wanted);
  });

  it("names the file of results that a full disk does not take, and leaves no half of it", async () => {
    const [filled, wanted] = [join(disk, "filled"), join(disk, "results.jsonl")];
    fill(filled);
    const full = await candorIn(["eval", "minnow", "--probes", "1", "--quiet", "--out", wanted], world);
    expect([full.code, full.stderr]).toEqual([
      2,
      expect.stringContaining(`${wanted} cannot be written: ${NO_SPACE}`),
    ]);
    expect(readdirSync(disk)).toEqual(["filled"]);
    rmSync(filled);
  });

  it.each([["rounds/000/probes.partial.jsonl"], ["run.log"], ["run.lock"]])(
    "names %s, which a full disk does not take, and goes on when there is room",
    async (file) => {
      spawnSync("mount", ["-o", "remount,rw,size=1m", disk]);
      for (const left of readdirSync(disk)) rmSync(join(disk, left), { recursive: true });
      const args = ["run", join(world, "cells.yaml"), "--out", join(disk, "out"), "--quiet"];
      const env = { NODE_OPTIONS: `--import=${HOOK}`, CANDOR_FULL_AT: file };
      const full = await candor(disk, args, env).ended;
      expect(full.stderr).toMatch(new RegExp(`^candor: \\S+/${file}: ${NO_SPACE}$`, "mu"));
      expect([full.code, full.stderr]).toEqual([1, expect.not.stringContaining("not expected")]);
      rmSync(join(disk, "filled"));
      const again = await candorIn(args, disk);
      expect(again.code, again.stderr).toBe(0);
      expect(driftIn(join(disk, "out"))).toBe(await undisturbed());
      for (const left of readdirSync(disk)) rmSync(join(disk, left), { recursive: true });
    },
  );

  it("fails whenever full, refuses when read-only, and goes on when it is larger", async () => {
    const places: string[] = [];
    for (const size of [16, 32, 64, 128, 256]) {
      spawnSync("mount", ["-o", `remount,rw,size=${size}k`, disk]);
      const full = await run();
      if (full.code === 0) break;
      // With the file's name, whichever it is.
      expect(full.stderr).toMatch(new RegExp(`^candor: /\\S+: ${NO_SPACE}$`, "mu"));
      expect(full.code).toBe(1);
      places.push(full.stderr);
    }
    expect(places.length, places.join("\n")).toBeGreaterThan(3);
    spawnSync("mount", ["-o", "remount,ro", disk]);
    const readOnly = await run();
    expect([readOnly.code, readOnly.stderr]).toEqual([2, expect.stringMatching(/cannot be made or written/)]);
    spawnSync("mount", ["-o", "remount,rw,size=64m", disk]);
    const again = await run();
    expect(again.code, again.stderr).toBe(0);
    expect(driftIn(disk)).toBe(await undisturbed());
  });
});
