import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../src/package-root.js";

const POLL_MS = 200;
const TURNS = 2;
/** One seed and two rounds of the default sweep: 6 runs, the same parts in the same proportions. */
const PART = ["--set", "sweep.seeds=1", "--set", "rounds=2"];

/**
 * The default sweep with one and with two workers, in turns, and the largest process of either: a part of it, or with
 * `CANDOR_BENCH_FULL=1` all of it, once.
 */
export default async function bench() {
  const whole = process.env.CANDOR_BENCH_FULL !== undefined;
  const rows: { workers: number; runs: string; seconds: number; "largest process, MB": number }[] = [];
  for (let turn = 0; turn < (whole ? 1 : TURNS); turn += 1) {
    for (const workers of [1, 2])
      rows.push({
        workers,
        runs: whole ? "18 x 4 rounds" : "6 x 2 rounds",
        ...(await timeSweep(workers, whole ? [] : PART)),
      });
  }
  const total = (workers: number): number =>
    rows.filter((row) => row.workers === workers).reduce((sum, row) => sum + row.seconds, 0);
  return {
    name: `default sweep: two workers are ${(total(1) / total(2)).toFixed(2)} times as fast as one`,
    rows,
  };
}

async function timeSweep(workers: number, args: readonly string[]) {
  const out = mkdtempSync(join(tmpdir(), "candor-bench-"));
  const start = performance.now();
  const command = [
    "dist/cli/main.js",
    "sweep",
    "scenarios/default.yaml",
    "--out",
    out,
    "--workers",
    String(workers),
    "--quiet",
  ];
  const child = spawn(process.execPath, [...command, ...args], { cwd: packageFile("."), stdio: "ignore" });
  let largest = 0;
  const poll = setInterval(() => {
    largest = Math.max(largest, peakMegabytes(child.pid!));
  }, POLL_MS);
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  clearInterval(poll);
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the sweep ended with ${code}`);
  return {
    seconds: Math.round((performance.now() - start) / 100) / 10,
    "largest process, MB": Math.round(largest),
  };
}

/** The highest peak resident size among a process and its children; 0 where there is no /proc. */
function peakMegabytes(parent: number): number {
  let largest = 0;
  for (const entry of readable(() => readdirSync("/proc"), [])) {
    if (!/^\d+$/.test(entry)) continue;
    const status = readable(() => readFileSync(`/proc/${entry}/status`, "utf8"), "");
    const isOurs = Number(entry) === parent || new RegExp(`^PPid:\\s+${parent}$`, "m").test(status);
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status);
    if (isOurs && peak) largest = Math.max(largest, Number(peak[1]) / 1024);
  }
  return largest;
}

/** Processes come and go while they are read. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
