import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lastLogLines, openLog } from "../../src/runs/index.js";

const folder = () => mkdtempSync(join(tmpdir(), "candor-log-"));
const FULL = "/dev/full";

it("begins a line of its own behind one that a kill has torn", async () => {
  const run = folder();
  const path = join(run, "run.log");
  openLog(path).info("one");
  appendFileSync(path, '{"level":30,"ms');
  const log = openLog(path);
  log.info("two");
  log.warn({ round: 3 }, "three");
  expect((await lastLogLines(run)).map(({ msg }) => msg)).toEqual(["one", "two", "three"]);
  openLog(path).info("four");
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(6);
});

it.skipIf(!existsSync(FULL))(
  `names the file that cannot be written${existsSync(FULL) ? "" : " (needs /dev/full)"}`,
  () => {
    const log = openLog(FULL);
    for (const _again of [1, 2])
      expect(() => log.info("x")).toThrow(expect.objectContaining({ code: "ENOSPC", path: FULL }));
  },
);

it("waits for nobody who would read it", () => {
  const path = join(folder(), "run.log");
  execFileSync("mkfifo", [path]);
  expect(() => openLog(path).info("x")).toThrow(expect.objectContaining({ path }));
});

it("leaves no half of a line that only fits in part", () => {
  const path = join(folder(), "run.log");
  writeFileSync(path, "");
  const log = openLog(path);
  log.info("whole");
  const before = readFileSync(path, "utf8");
  // A file may grow to 1 KiB there.
  const module = JSON.stringify(join(process.cwd(), "dist/runs/index.js"));
  const script = `import { openLog } from ${module}; try { openLog(${JSON.stringify(path)}).info("y".repeat(2000)); } catch (error) { console.log(error.code); }`;
  const said = execFileSync("bash", [
    "-c",
    'ulimit -f 1; exec "$0" --input-type=module --eval "$1"',
    process.execPath,
    script,
  ]);
  expect(said.toString()).toBe("EFBIG\n");
  expect(readFileSync(path, "utf8")).toBe(before);
});
