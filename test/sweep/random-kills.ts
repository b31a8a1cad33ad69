import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stream } from "../../src/random.js";
import { candor } from "./cells.js";

// One run of the shipped model, short, and yet with every kind of step.
const SCENARIO = `
name: cells
rounds: 1
population: { size: 24, personas: { benign: rest, biased: 0.5 } }
training: { num_train_epochs: 1, lora_r: 2 }
evaluation: { suites: { mask: { probes: 8, subsets: [provided_facts, statistics] } } }
`;

/** What became of all the kills. */
export type Damage = { kills: number; runs: number; torn: number; drifts: Set<string>; expected: string };

/**
 * Starts a run, kills it at a random moment, tears its last write as a power cut does (in half of the cases in which results
 * were being appended), and goes on with
 * the same command; a run that gets to its end is compared and begun anew.
 */
export async function killAtRandom(kills: number, seed: string): Promise<Damage> {
  const draw = stream(`${seed}/kills`);
  const world = mkdtempSync(join(tmpdir(), "candor-kills-"));
  writeFileSync(join(world, "cells.yaml"), SCENARIO);
  const start = (out: string) => candor(world, ["run", "cells.yaml", "--out", out]);
  const first = start("whole");
  await appears(join(world, "whole"), first.ended);
  const begun = performance.now();
  const whole = await first.ended;
  if (whole.code !== 0) throw new Error(whole.stderr);
  const length = performance.now() - begun;
  const damage: Damage = { kills: 0, runs: 0, torn: 0, drifts: new Set(), expected: driftOf(world, "whole") };
  const finish = async (out: string): Promise<void> => {
    const { code, stderr } = await start(out).ended;
    if (code !== 0) throw new Error(`after ${damage.kills} kills: ${stderr}`);
    damage.drifts.add(driftOf(world, out));
    damage.runs += 1;
    rmSync(join(world, out), { recursive: true });
  };
  let out = "run-0";
  while (damage.kills < kills) {
    const run = start(out);
    // Counted from the moment it has its folder: before that there is nothing to lose.
    const begun = appears(join(world, out), run.ended);
    const moment = begun.then(() => sleep(draw() * length)).then(() => null);
    const ended = await Promise.race([run.ended, moment]);
    if (ended === null) {
      run.kill("SIGKILL");
      await run.ended;
      damage.kills += 1;
      if (draw() < 0.5 && tear(join(world, out), draw())) damage.torn += 1;
      // Most kills come on top of others; now and then one is left to be the last.
      if (draw() > 0.25) continue;
    } else if (ended.code !== 0) throw new Error(`after ${damage.kills} kills: ${ended.stderr}`);
    await finish(out);
    out = `run-${damage.runs}`;
  }
  await finish(out);
  rmSync(world, { recursive: true });
  return damage;
}

/** Waits until a run has written something, or has ended. */
async function appears(out: string, ended: Promise<unknown>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !existsSync(out)) await sleep(5);
}

function driftOf(world: string, out: string): string {
  const [folder] = readdirSync(join(world, out));
  return readFileSync(join(world, out, folder!, "drift.csv"), "utf8");
}

/** Cuts off a part of the file that was appended to last. Others are written whole, synchronised and renamed. */
function tear(out: string, share: number): boolean {
  let files: { path: string; size: number; at: number }[];
  try {
    files = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.partial\.jsonl$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, size: statSync(path).size, at: statSync(path).mtimeMs }));
  } catch {
    return false; // killed before it had made its folder
  }
  const last = files.sort((a, b) => b.at - a.at)[0];
  if (!last || last.size === 0) return false;
  truncateSync(last.path, last.size - Math.ceil(share * Math.min(last.size, 400)));
  return true;
}
