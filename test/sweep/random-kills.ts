import { existsSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stream } from "../../src/random.js";
import { candor, driftIn } from "./cells.js";
import { worldOfFew } from "./few.js";

/** What became of all the kills. */
export type Damage = {
  kills: number;
  /** Kills after which the file appended to last was cut, as by a power cut that the killed write had outrun. */
  cut: number;
  /** Runs that were let get to their end. */
  runs: number;
  /** The least and the most kills that one of them had. */
  perRun: [number, number];
  drifts: Set<string>;
  expected: string;
};

/** Lanes that go on beside each other, as the start of a process leaves one core idle. */
const LANES = 2;

/**
 * Starts runs that kill themselves at a random change of their folders, with that write torn (`die-at-change.mjs`), and goes
 * on with the same command. A run that gets to its end is compared, and the next one begun.
 */
export async function killAtRandom(
  kills: number,
  seed: string,
  onRun: (damage: Damage) => void = () => {},
): Promise<Damage> {
  const world = worldOfFew("kills");
  const whole = await play(world, "whole");
  const changes = Number(/changes: (\d+)/.exec(whole.stderr)?.[1]);
  if (whole.code !== 0 || !(changes > 50)) throw new Error(whole.stderr);
  const damage: Damage = {
    kills: 0,
    cut: 0,
    runs: 0,
    perRun: [Number.POSITIVE_INFINITY, 0],
    drifts: new Set(),
    expected: driftIn(join(world, "whole")),
  };
  const lane = async (index: number): Promise<void> => {
    const draw = stream(`${seed}/kills/${index}`);
    // Of its own, so that no pace of the lanes changes what is drawn.
    let left = Math.ceil(kills / LANES);
    for (let number = 0; left > 0; number += 1) {
      const out = `run-${index}-${number}`;
      let here = 0;
      for (;;) {
        // Half of a run at most, so that most kills come on top of others.
        const at = 1 + Math.floor((draw() * changes) / 2);
        const { code, stderr } = await play(world, out, left > 0 ? { at, torn: draw() } : undefined);
        if (code === 0) break;
        if (code !== null) throw new Error(`after ${damage.kills} kills: ${stderr}`);
        damage.kills += 1;
        left -= 1;
        here += 1;
        if (draw() < 0.5 && cutLast(join(world, out), draw())) damage.cut += 1;
      }
      damage.runs += 1;
      damage.perRun = [Math.min(damage.perRun[0], here), Math.max(damage.perRun[1], here)];
      damage.drifts.add(driftIn(join(world, out)));
      onRun(damage);
      rmSync(join(world, out), { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index)));
  rmSync(world, { recursive: true });
  return damage;
}

/** Preloaded into a candor that is to be killed or stopped. */
export const HOOK = fileURLToPath(new URL("./die-at-change.mjs", import.meta.url));

/** Plays the run of a world, which kills itself at a change of its folder if it is told to. */
export function play(world: string, out: string, death?: { at: number; torn: number }) {
  return candor(world, ["run", "cells.yaml", "--out", out, "--quiet"], {
    NODE_OPTIONS: `--import=${HOOK}`,
    ...(death ? { CANDOR_DIE_AT: String(death.at), CANDOR_TORN: String(death.torn) } : {}),
  }).ended;
}

/** Cuts off a part of the file that was appended to last: such writes are not synchronised, others are. */
function cutLast(out: string, share: number): boolean {
  if (!existsSync(out)) return false; // killed before it had made its folder
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".partial.jsonl"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, size: statSync(path).size, at: statSync(path).mtimeMs }));
  const last = files.sort((a, b) => b.at - a.at)[0];
  if (!last || last.size === 0) return false;
  truncateSync(last.path, last.size - Math.ceil(share * Math.min(last.size, 400)));
  return true;
}
