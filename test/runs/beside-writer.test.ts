import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import {
  GoneFile,
  indexStore,
  LineIndex,
  openRunFolder,
  type RunPaths,
  readRun,
  runPaths,
  skimInteraction,
} from "../../src/runs/index.js";
import { partialOf } from "../../src/runs/layout.js";
import { queryConversations, readConversation } from "../../src/viewer/conversations/index.js";
import { readProgress } from "../../src/viewer/folder/progress.js";
import { readEntry } from "../../src/viewer/folder/run-entry.js";
import { changeChecked, finishFiles } from "../fakes/run-folder.js";
import { until } from "../until.js";
import { madeUpScenario, writeRun } from "../viewer/folder.js";

// Whoever reads a run's folder while another process writes in it must find it whole. Each test lets the writer go on at one moment
// of a reading: just before the reader opens a file, or looks whether one is there.

const moment = vi.hoisted(() => ({
  /** What happens before the disk is looked at for a path of that ending, once. */
  at: undefined as { ending: string; skip: number; write: () => void } | undefined,
  come(path: unknown): void {
    if (!this.at || !String(path).endsWith(this.at.ending)) return;
    if (this.at.skip > 0) {
      this.at.skip -= 1;
      return;
    }
    const { write } = this.at;
    this.at = undefined;
    write();
  },
}));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    open: async (...given: Parameters<typeof real.open>) => {
      moment.come(given[0]);
      const file = await real.open(...given);
      const stat = file.stat.bind(file);
      file.stat = (async () => {
        const found = await stat();
        moment.come(`${given[0]} after its size`);
        return found;
      }) as typeof file.stat;
      return file;
    },
    readdir: (...given: [string]) => {
      moment.come(given[0]);
      return real.readdir(...given);
    },
  };
});
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  return {
    ...real,
    existsSync: (path: string) => {
      moment.come(path);
      return real.existsSync(path);
    },
  };
});

const world = mkdtempSync(join(tmpdir(), "candor-beside-"));
const whole = join(world, "whole");
writeRun(whole);
const scenario = madeUpScenario({});
let made = 0;

afterEach(() => {
  // A moment that never came would prove nothing.
  expect(moment.at).toBeUndefined();
});
afterAll(() => rmSync(world, { recursive: true }));

/** Before the reader looks at a path of that ending, after some times that it does, the writer goes on. */
function before(ending: string, write: () => void, skip = 0): void {
  moment.at = { ending, skip, write };
}

/** A run in whose round 1 some files are finished, and one is growing. */
async function writing({ finished = [] as string[], growing }: { finished?: string[]; growing?: string }) {
  const folder = join(world, `run-${made++}`);
  writeRun(folder, { status: "running", complete: 0 });
  const paths = runPaths(folder);
  const at = paths.round(1).folder;
  mkdirSync(at, { recursive: true });
  for (const name of finished) copy(paths, 1, name);
  finishFiles(paths, 1);
  if (growing) {
    const lines = readFileSync(join(runPaths(whole).round(1).folder, growing), "utf8").split("\n");
    writeFileSync(
      partialOf(join(at, growing)),
      lines
        .slice(0, 5)
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
  return { paths, run: (await readRun(folder))!, indices: indexStore(), found: found(folder) };
}

const found = (folder: string) => ({ id: basename(folder), folder, sweep: null, axes: {}, within: world });

function copy(paths: RunPaths, round: number, name: string): void {
  cpSync(join(runPaths(whole).round(round).folder, name), join(paths.round(round).folder, name));
}

/** The writer finishes a file: it is entered, put into its place, and what it grew in is deleted. */
function finish(paths: RunPaths, name: string): void {
  copy(paths, 1, name);
  finishFiles(paths, 1);
  rmSync(partialOf(join(paths.round(1).folder, name)), { force: true });
}

/** The writer completes a round. */
function complete(paths: RunPaths, round = 1): void {
  cpSync(runPaths(whole).round(round).folder, paths.round(round).folder, { recursive: true });
  cpSync(runPaths(whole).checkpoint(round), paths.checkpoint(round), { recursive: true });
  for (const name of ["sealed.json", "interactions.partial.jsonl", "probes.partial.jsonl"])
    rmSync(join(paths.round(round).folder, name), { force: true });
}

function identityOf(path: string): string {
  const { ino, birthtimeMs } = statSync(path);
  return `${ino} ${birthtimeMs}`;
}

const ALL = ["population.jsonl", "interactions.jsonl", "preference.jsonl", "training.jsonl", "probes.jsonl"];

it("finds a round that is completed between the looks for round.json and sealed.json", async () => {
  const { paths, run } = await writing({ finished: ALL });
  before("001/sealed.json", () => complete(paths));
  const round = run.disk.round(1);
  await round.verify();
  expect((await round.record())?.round).toBe(1);
  expect(await round.population.read()).toHaveLength(20);
});

it("takes a file that is finished after it was read what is finished", async () => {
  const { paths, run } = await writing({ finished: ["population.jsonl"] });
  before("001/population.jsonl", () => finish(paths, "interactions.jsonl"));
  await run.disk.round(1).verify();
  // Known as nothing is finished of it, read as it is.
  const late = await writing({ finished: ["population.jsonl"] });
  expect(await late.run.disk.round(1).interactions.read()).toBeUndefined();
  finish(late.paths, "interactions.jsonl");
  expect(await late.run.disk.round(1).interactions.read()).toHaveLength(20);
});

it("takes a round that is completed while its folder is listed", async () => {
  const { paths, run } = await writing({ finished: ["population.jsonl"] });
  before("rounds/001", () => complete(paths));
  await run.disk.round(1).verify();
});

it("takes rounds that are both completed after the first was found open", async () => {
  const { paths } = await writing({ finished: ALL });
  const { hash } = (await readRun(paths.folder))!.manifest;
  const disk = openRunFolder(paths.folder, { scenario, hash });
  before("002/round.json", () => {
    complete(paths, 1);
    complete(paths, 2);
  });
  await disk.verify();
  // Where the first stays open it is a gap.
  const gap = await writing({ finished: ALL });
  complete(gap.paths, 2);
  await expect(gap.run.disk.verify()).rejects.toThrow(/001\/round.json is missing, and a later round/u);
});

it.each([
  ["it is looked for", "interactions.partial.jsonl", 0],
  ["it is opened", "interactions.partial.jsonl", 1],
])("gives the finished file's lines where the growing one goes before %s", async (_when, ending, skip) => {
  const { paths, run, indices } = await writing({
    finished: ["population.jsonl"],
    growing: "interactions.jsonl",
  });
  before(ending, () => finish(paths, "interactions.jsonl"), skip);
  const index = await run.disk.round(1).interactions.index(indices, skimInteraction);
  expect(index!.items).toHaveLength(20);
  expect(await readProgress(run, indices)).toMatchObject({ round: 1, stage: "preference" });
});

it("counts on in what is finished where the growing file goes under the progress", async () => {
  const { paths, run, indices } = await writing({
    finished: ["population.jsonl"],
    growing: "interactions.jsonl",
  });
  before("interactions.partial.jsonl", () => finish(paths, "interactions.jsonl"), 1);
  expect(await readProgress(run, indices)).toMatchObject({ stage: "interaction", done: 20, total: 20 });
});

it("gives talks of the finished file where the growing one goes between its index and its lines", async () => {
  const { paths, found, indices } = await writing({
    finished: ["population.jsonl"],
    growing: "interactions.jsonl",
  });
  const page = { offset: 0, limit: 50 };
  // Looked for, opened for its index, and then for its lines.
  before("interactions.partial.jsonl", () => finish(paths, "interactions.jsonl"), 2);
  expect((await queryConversations(found, { round: 1 }, page, indices)).rows).toHaveLength(20);

  const other = await writing({ finished: ["population.jsonl"], growing: "interactions.jsonl" });
  before("interactions.partial.jsonl", () => finish(other.paths, "interactions.jsonl"), 2);
  const id = "r1-u2";
  const view = await readConversation(other.found, { round: 1, id }, other.indices);
  expect([view!.interaction.id, view!.rank!.of]).toEqual([id, 19]);
});

it("never reads lines of another file by the places of an earlier one", async () => {
  const path = join(world, "grown.partial.jsonl");
  writeFileSync(path, '{"a":1}\n{"a":2}\n');
  const index = await new LineIndex(path, (line) => line.length).refresh();
  writeFileSync(`${path}.other`, '{"other":"file"}\n{"a":2}\n');
  // A file system gives the number of a file that is gone to the next, and its clock may stand still for some milliseconds.
  const before = identityOf(path);
  await until(() => {
    rmSync(path);
    cpSync(`${path}.other`, path);
    return identityOf(path) !== before;
  });
  await expect(index.read(1)).rejects.toThrow(GoneFile);
  expect(existsSync(path)).toBe(true);
});

it("reads no further than there is where a torn line is cut off between a file's size and its bytes", async () => {
  const path = join(world, "torn.partial.jsonl");
  writeFileSync(path, '{"a":1}\n');
  const index = await new LineIndex(path, (line) => JSON.parse(line.toString()) as unknown).refresh();
  appendFileSync(path, '{"a":2');
  before("torn.partial.jsonl after its size", () => truncateSync(path, 8), 1);
  // Memory that was used before may hold anything.
  const used = vi.spyOn(Buffer, "allocUnsafe").mockImplementation((size) => Buffer.alloc(size, "}\n"));
  expect((await index.refresh()).items).toEqual([{ a: 1 }]);
  used.mockRestore();
  appendFileSync(path, '{"a":3}\n');
  expect((await index.refresh()).items).toEqual([{ a: 1 }, { a: 3 }]);
});

it("shows what is before the zeros that a power cut left, as a run that goes on keeps it", async () => {
  const path = join(world, "zeros.partial.jsonl");
  for (const zeros of [`${"\0".repeat(20)}\n`, `{"a":${"\0".repeat(20)}\n{"a":3}\n`, "\0".repeat(9)]) {
    writeFileSync(path, `{"a":1}\n${zeros}`);
    const index = await new LineIndex(path, (line) => JSON.parse(line.toString()) as unknown).refresh();
    expect(index.items).toEqual([{ a: 1 }]);
    truncateSync(path, 8);
    appendFileSync(path, '{"a":2}\n');
    expect((await index.refresh()).items).toEqual([{ a: 1 }, { a: 2 }]);
  }
});

it("calls a run done that ends between the looks at its state and its lock", async () => {
  const { paths, found } = await writing({});
  before("run.lock", () => changeChecked(paths.run, (run) => ({ ...run, status: "failed" })));
  expect((await readEntry(found)).status).toBe("failed");
  const killed = await writing({});
  expect((await readEntry(killed.found)).status).toBe("stopped");
});
