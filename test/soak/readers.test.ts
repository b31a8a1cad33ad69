import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it, vi } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { pick, stream } from "../../src/random.js";
import { readSource, showRun } from "../../src/report/index.js";
import { indexStore, isHeld, readRun, runPaths } from "../../src/runs/index.js";
import { queryConversations, readConversation, readFacets } from "../../src/viewer/conversations/index.js";
import { findAll } from "../../src/viewer/folder/find.js";
import { openLibrary, readRunView } from "../../src/viewer/folder/index.js";
import { readProbe, readProbeTable, searchProbes } from "../../src/viewer/probes/index.js";
import { worldOfFew } from "../sweep/few.js";
import { until } from "../until.js";

// npm run soak, or CANDOR_READERS=200 npm run soak -- readers. While runs of the shipped model go on, are killed and go on again,
// everything that reads their folders reads them all the time: none of it may find anything damaged, or less than it found before.

// A reader on a busy machine may wait between any two looks at the disk, and the run go on meanwhile.
const waits = vi.hoisted(() => ({ count: 0, draw: (): number => 1 }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    open: async (...given: Parameters<typeof real.open>) => {
      const share = waits.draw();
      waits.count += share < 0.3 ? 1 : 0;
      if (share < 0.3) await pause(100 * share);
      return await real.open(...given);
    },
  };
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const runs = Number(process.env.CANDOR_READERS ?? 40);
const seed = process.env.CANDOR_READERS_SEED ?? new Date().toISOString();
/** Readings that go on beside each other. */
const READERS = 4;
const KILLS = 2;

/** What may be said of a folder in which nothing has begun, or is measured, yet. */
const EARLY = /no run\.json|neither a run nor a sweep|nothing has been measured yet|is gone$/u;

type Seen = { read: number; early: number; found: string[]; rounds: number; lines: Map<string, number> };

/** One reading of the run in a folder, by what is drawn. */
async function readOnce(world: string, folder: string, seen: Seen, draw: () => number): Promise<void> {
  const indices = pick(draw, STORES);
  const run = { id: relative(world, folder), folder, sweep: null, axes: {}, within: world };
  const grows = (name: string, count: number): void => {
    const before = seen.lines.get(name) ?? 0;
    if (count < before) seen.found.push(`${name} went from ${before} to ${count}`);
    seen.lines.set(name, Math.max(before, count));
  };
  const readings = {
    rounds: async () => {
      const { rounds } = (await readRun(folder)) ?? { rounds: [] };
      grows("complete rounds", rounds.length);
    },
    view: async () => void (await readRunView(run, indices)),
    list: async () => {
      const { damaged } = await openLibrary(world).list();
      for (const { problem } of damaged) seen.found.push(`list: ${problem}`);
    },
    found: async () => {
      for (const { problem } of (await findAll(world)).damaged) seen.found.push(`found: ${problem}`);
    },
    facets: async () => {
      for (const { round, count } of (await readFacets(run, indices)).rounds)
        grows(`talks of round ${round}`, count);
    },
    talks: async () => {
      const page = await queryConversations(run, { text: "you" }, { offset: 0, limit: 50 }, indices);
      for (const { round, id } of page.rows.slice(0, 2)) await readConversation(run, { round, id }, indices);
    },
    probes: async () => {
      const { rows } = await readProbeTable(run, indices);
      if (rows[0]) await readProbe(run, rows[0], indices);
      await searchProbes(run, "the", indices);
    },
    verified: async () => void (await (await readRun(folder))?.disk.verify()),
    show: async () => void (await showRun(folder, false)),
    report: async () => void (await readSource(folder)),
  };
  const name = pick(draw, Object.keys(readings) as (keyof typeof readings)[]);
  try {
    await readings[name]();
  } catch (error) {
    const { message, stack } = error as Error;
    if (!EARLY.test(message)) seen.found.push(`${name}: ${message}\n${stack}`);
    else {
      seen.early += 1;
      await pause(20);
    }
  }
  seen.read += 1;
}

const STORES = [indexStore(), indexStore()];

it(
  `finds nothing damaged in the folders of ${runs} runs that are being written`,
  async () => {
    console.log(`readers: ${runs} runs, CANDOR_READERS_SEED=${seed}`);
    const world = worldOfFew("readers");
    waits.draw = stream(`${seed}/waits`);
    const total = { read: 0, early: 0, kills: 0 };
    const found: string[] = [];
    for (let number = 0; number < runs && found.length < 20; number += 1) {
      const draw = stream(`${seed}/${number}`);
      const out = `run-${number}`;
      const seen: Seen = { read: 0, early: 0, found, rounds: 0, lines: new Map() };
      let isWritten = true;
      const readers = Array.from({ length: READERS }, async (_, reader) => {
        const own = stream(`${seed}/${number}/${reader}`);
        while (isWritten && found.length < 20)
          await readOnce(world, await until(() => folderIn(join(world, out))), seen, own);
      });
      for (let kills = 0; ; ) {
        const child = spawn(process.execPath, COMMAND(out), { cwd: world, stdio: "ignore" });
        const code = await ended(child, kills < KILLS ? begun(join(world, out), draw() * 6_000) : undefined);
        if (code === 0) break;
        if (code !== null) found.push(`the run ended with ${code}`);
        if (code !== null) break;
        kills += 1;
        total.kills += 1;
      }
      isWritten = false;
      await Promise.all(readers);
      total.read += seen.read;
      total.early += seen.early;
      rmSync(join(world, out), { recursive: true });
    }
    console.log(
      `${total.read} readings, ${total.early} of them before anything was there, ${total.kills} kills; ${waits.count} waits before a file was opened`,
    );
    expect(found).toEqual([]);
    rmSync(world, { recursive: true });
  },
  3_600_000 * 4,
);

const COMMAND = (out: string): string[] => [
  packageFile("dist/cli/main.js"),
  ...["run", "cells.yaml", "--out", out, "--quiet", "--set", "rounds=6", "--set", "population.size=24"],
];

/** The folder of the run in a folder of runs; undefined before it is one. */
function folderIn(out: string): string | undefined {
  const names = existsSync(out) ? readdirSync(out) : [];
  return names.map((name) => join(out, name)).find((path) => existsSync(runPaths(path).run));
}

/** Comes some time after a run has taken its folder. */
async function begun(out: string, after: number): Promise<void> {
  await until(async () => await isHeld(folderIn(out) ?? out));
  await pause(after);
}

/** How a process ended; killed when something comes, if it is given. */
async function ended(child: ChildProcess, death: Promise<void> | undefined): Promise<number | null> {
  void death?.then(() => child.kill("SIGKILL"));
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
