import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isHeld, lockFolder } from "../../src/runs/index.js";

const newFolder = () => mkdtemp(join(tmpdir(), "candor-lock-"));
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const lockOf = (pid: number, more = {}) =>
  JSON.stringify({
    id: "dead-1",
    pid,
    host: hostname(),
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    namespace: readlinkSync("/proc/self/ns/pid"),
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
  // A clock that goes when it is waited for.
  let time = 0;
  const now = (): number => time;
  const touching = async (ms: number): Promise<void> => {
    time += ms;
    if (time >= 8_000) await utimes(path, new Date(0), new Date(time));
  };
  await expect(lockFolder(folder, () => {}, { now, wait: touching })).rejects.toThrow(
    /in use by process 1 on elsewhere/,
  );
  time = 0;
  const resting = async (ms: number): Promise<void> => {
    time += ms;
  };
  await (await lockFolder(folder, () => {}, { now, wait: resting }))();
  expect(time).toBe(10_000);
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

it.each([
  "", // as a power cut leaves it
  "null",
  "0",
  "[]",
  '"x"',
  "{",
  "x".repeat(100_000),
  lockOf(1, { id: "../../precious" }),
  lockOf(1, { id: "" }),
  lockOf(-1),
  lockOf(0.5),
  lockOf(1, { pid: null }),
  lockOf(1, { born: ["1"] }),
])("takes over what nobody can hold: %.40s", async (text) => {
  const folder = await newFolder();
  const precious = join(folder, "..", "precious");
  await writeFile(precious, "kept");
  await mkdir(join(folder, "run"));
  await writeFile(join(folder, "run/run.lock"), text);
  expect(await isHeld(join(folder, "run"))).toBe(false);
  await (await lockFolder(join(folder, "run")))();
  expect(await readdir(join(folder, "run"))).toEqual([]);
  expect(await readFile(precious, "utf8")).toBe("kept");
});

it("says so at once where no lock can be: a folder or a link that leads nowhere in its place", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "a/run.lock/x"), { recursive: true });
  await expect(lockFolder(join(folder, "a"))).rejects.toThrow("run.lock");
  await mkdir(join(folder, "b"));
  await symlink(join(folder, "nowhere"), join(folder, "b/run.lock"));
  await expect(lockFolder(join(folder, "b"))).rejects.toThrow("delete it");
  await mkdir(join(folder, "c"));
  // A pipe that nobody writes to must not be waited for.
  expect(spawnSync("mkfifo", [join(folder, "c/run.lock")]).status).toBe(0);
  await (await lockFolder(join(folder, "c")))();
});

it("cannot look up a process of another container or boot with the same host name, and waits for its beat", async () => {
  for (const other of [{ namespace: "pid:[1]" }, { boot: "another" }]) {
    const folder = await newFolder();
    // By its number alone, this one would be dead.
    await writeFile(join(folder, "run.lock"), lockOf(deadPid(), other));
    expect(await isHeld(folder)).toBe(true);
    const beating = setInterval(() => void utimes(join(folder, "run.lock"), new Date(), new Date()), 500);
    await expect(lockFolder(folder)).rejects.toThrow("in use by process");
    clearInterval(beating);
  }
});
