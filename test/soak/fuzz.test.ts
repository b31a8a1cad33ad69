import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finding, fuzz, type Target } from "../fuzz/fuzz.js";
import { runFolder } from "../fuzz/run-folder.js";
import { targets } from "../fuzz/targets.js";

// npm run soak, or CANDOR_FUZZ=50000 CANDOR_FUZZ_SEED=… CANDOR_FUZZ_ONLY=template npm run soak -- fuzz
const inputs = Number(process.env.CANDOR_FUZZ ?? 1_000_000);
const seed = process.env.CANDOR_FUZZ_SEED ?? new Date().toISOString();
const only = process.env.CANDOR_FUZZ_ONLY ?? "";
const PASSES = 20;
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

/** Inputs put so far, of all targets: said each time, so that a series that has to be stopped has its numbers too. */
let done = 0;

/** Part of a target's share, in as many parts as there are passes. */
async function put(target: Target, share: number, pass: number): Promise<Finding[]> {
  const start = (part: number): number => Math.round((Math.max(1, share) * part) / PASSES);
  const from = start(pass);
  const { outcome, findings } = await fuzz(target, {
    inputs: start(pass + 1) - from,
    from,
    seed,
    onInput,
    limit: 2_000,
  });
  const { taken, refused, slowest } = outcome;
  done += taken + refused;
  console.log(
    `CANDOR_FUZZ_SEED=${seed}, pass ${pass + 1} of ${PASSES}, ${target.name} from ${from}: ${taken + refused} inputs, ${taken} taken, ${refused} refused, at most ${slowest} ms; ${done} in all`,
  );
  mkdirSync(FOUND, { recursive: true });
  for (const { name, why, bytes } of findings) {
    const file = join(FOUND, name.replaceAll(/[^\w.-]+/gu, "_"));
    writeFileSync(file, bytes);
    console.log(`  ${name}: ${why.slice(0, 500)}\n  ${file}`);
  }
  return findings;
}

const all = targets().filter((target) => target.name.includes(only));
const folders: Promise<Target>[] = [];
const weights = targets().reduce((sum, { weight }) => sum + weight, 0);

// Every kind of file comes in each pass: whenever it is stopped, all have had their part.
describe.each(Array.from({ length: PASSES }, (_, pass) => pass))("pass %s", (pass) => {
  it.each(all)(
    "$name",
    async (target) => {
      const findings = await put(target, (inputs * target.weight) / weights, pass);
      expect(findings.map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
    },
    3_600_000,
  );

  it.each([false, true].filter(() => "a run's folder".includes(only)))(
    "a run's folder (gone on from: %s)",
    async (resumed) => {
      const share = (inputs / 1000) * (resumed ? FOLDERS.resumed : FOLDERS.read);
      folders[Number(resumed)] ??= runFolder(resumed);
      const findings = await put(await folders[Number(resumed)]!, share, pass);
      expect(findings.map(({ name, why }) => `${name}: ${why}`)).toEqual([]);
    },
    3_600_000,
  );
});
