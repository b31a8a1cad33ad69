import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockFolder } from "../../src/runs/index.js";

const newFolder = () => mkdtemp(join(tmpdir(), "candor-lock-"));
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const lockOf = (pid: number, more = {}) =>
  JSON.stringify({
    id: "dead-1",
    pid,
    host: hostname(),
    born: "1",
    command: "candor run",
    since: "then",
    ...more,
  });

it("refuses a second holder by the first one's name, until it is given back", async () => {
  const folder = await newFolder();
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid} on ${hostname()}`);
  await unlock();
  await (await lockFolder(folder))();
  expect(await readdir(folder)).toEqual([]);
});

it("takes over from a dead process, also when an heir died taking over", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "run.lock"), lockOf(deadPid()));
  await writeFile(join(folder, "run.lock.after-dead-1"), lockOf(deadPid(), { id: "dead-2" }));
  const unlock = await lockFolder(folder);
  expect(JSON.parse(await readFile(join(folder, "run.lock"), "utf8"))).toMatchObject({ pid: process.pid });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

it("takes over from a later process with the dead one's number", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "run.lock"), lockOf(process.pid));
  await (await lockFolder(folder))();
});

it("lets exactly one of many heirs win", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "run.lock"), lockOf(deadPid()));
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

it("refuses while another machine's process touches its lock, and takes over when it no longer does", async () => {
  const folder = await newFolder();
  const path = join(folder, "run.lock");
  await writeFile(path, lockOf(1, { host: "elsewhere" }));
  const beating = setInterval(() => void utimes(path, new Date(), new Date()), 1_000);
  await expect(lockFolder(folder)).rejects.toThrow(/in use by process 1 on elsewhere/);
  clearInterval(beating);
  const start = Date.now();
  await (await lockFolder(folder))();
  expect(Date.now() - start).toBeGreaterThan(9_000);
  expect(await readdir(folder)).toEqual([]);
});

it("tells a holder that another machine took it for dead", async () => {
  const folder = await newFolder();
  const lost = new Promise<void>((resolve) => {
    void lockFolder(folder, resolve).then(() =>
      writeFile(join(folder, "run.lock"), lockOf(1, { host: "elsewhere" })),
    );
  });
  await lost;
});

it("takes over an empty lock, as a power cut leaves it", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "run.lock"), "");
  await (await lockFolder(folder))();
  expect(await readdir(folder)).toEqual([]);
});
