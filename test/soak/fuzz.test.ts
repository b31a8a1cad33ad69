import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Finding, fuzz, type Outcome, type Target } from "../fuzz/fuzz.js";
import { runFolder } from "../fuzz/run-folder.js";
import { targets } from "../fuzz/targets.js";

// npm run soak, or CANDOR_FUZZ=50000 CANDOR_FUZZ_SEED=… CANDOR_FUZZ_ONLY=template npm run soak -- fuzz
const inputs = Number(process.env.CANDOR_FUZZ ?? 1_000_000);
const seed = process.env.CANDOR_FUZZ_SEED ?? new Date().toISOString();
const only = process.env.CANDOR_FUZZ_ONLY ?? "";
/** Of every thousand inputs, damaged folders of runs, and runs that go on from one: each is a hundred files and more. */
const FOLDERS = { read: 4, resumed: 1 } as const;
const FOUND = join(tmpdir(), "candor-fuzz-found");

/** Ends the process when one input takes for ever, which nothing in this thread could: it looks at a number that goes up. */
const WATCH = `
const { parentPort, workerData } = require("node:worker_threads");
const { count, name } = workerData;
let [seen, since] = [-1, 0];
setInterval(() => {
  const now = Atomics.load(count, 0);
  since = now === seen ? since + 1 : 0;
  seen = now;
  if (since < 120) return;
  const length = Atomics.load(count, 1);
  process._rawDebug("hangs: " + Buffer.from(name.slice(0, length)).toString());
  process.exit(1);
}, 1000);
`;
const count = new Int32Array(new SharedArrayBuffer(8));
const name = new Uint8Array(new SharedArrayBuffer(512));
let watch: Worker;

beforeAll(() => {
  console.log(`fuzz: ${inputs} inputs, CANDOR_FUZZ_SEED=${seed}`);
  watch = new Worker(WATCH, { eval: true, workerData: { count, name } });
});
afterAll(async () => {
  await watch.terminate();
});

function onInput(now: string): void {
  const { written } = new TextEncoder().encodeInto(now, name);
  Atomics.store(count, 1, written);
  Atomics.add(count, 0, 1);
}

async function put(target: Target, share: number): Promise<{ outcome: Outcome; findings: Finding[] }> {
  const result = await fuzz(target, { inputs: Math.max(1, Math.round(share)), seed, onInput, limit: 2_000 });
  const { outcome, findings } = result;
  console.log(
    `${outcome.target}: ${outcome.taken + outcome.refused} inputs, ${outcome.taken} taken, ${outcome.refused} refused, at most ${outcome.slowest} ms`,
  );
  mkdirSync(FOUND, { recursive: true });
  for (const { name, why, bytes } of findings) {
    const file = join(FOUND, name.replaceAll(/[^\w.-]+/gu, "_"));
    writeFileSync(file, bytes);
    console.log(`  ${name}: ${why.slice(0, 500)}\n  ${file}`);
  }
  return result;
}

const all = targets().filter((target) => target.name.includes(only));
const weights = targets().reduce((sum, { weight }) => sum + weight, 0);

it.each(all)(
  "$name",
  async (target) => {
    const { findings } = await put(target, (inputs * target.weight) / weights);
    expect(findings.map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
  },
  3_600_000,
);

it.each([false, true].filter(() => "a run's folder".includes(only)))(
  "a run's folder (gone on from: %s)",
  async (resumed) => {
    const share = (inputs / 1000) * (resumed ? FOLDERS.resumed : FOLDERS.read);
    const { findings } = await put(await runFolder(resumed), share);
    expect(findings.map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
  },
  3_600_000,
);
