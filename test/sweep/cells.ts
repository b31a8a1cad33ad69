import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../../src/package-root.js";
import { worldOfFew } from "./few.js";

// Real cells of the shipped model, as small as they can be.
const SCENARIO = `
name: cells
rounds: 1
situations: few
population: { size: 8, personas: { benign: rest, biased: 0 } }
training: { num_train_epochs: 1, lora_r: 2, target_modules: [q_proj] }
evaluation: { suites: { mask: { file: few.jsonl, probes: 2, subsets: [provided_facts] } } }
sweep: { seeds: 1, vary: { population.personas.biased: [0.25, 1] } }
`;

/** A folder with `cells.yaml`, a sweep of two cells. */
export const newWorld = (name: string): string => worldOfFew(name, SCENARIO);

export type Started = {
  pid: number;
  kill: (signal: NodeJS.Signals) => void;
  /** What it has said on stderr so far. */
  said: () => string;
  /** Until that is on stderr; fails when the process ends without it. */
  says: (pattern: RegExp) => Promise<void>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
};

/** Starts the built command line in a folder of its own. */
export function candor(cwd: string, args: readonly string[], env: Record<string, string> = {}): Started {
  mkdirSync(cwd, { recursive: true });
  const child = spawn(process.execPath, [packageFile("dist/cli/main.js"), ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  const text = { stdout: "", stderr: "" };
  let listener = (): void => {};
  child.stdout.on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text.stderr += chunk;
    listener();
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, ...text }));
  });
  return {
    pid: child.pid!,
    kill: (signal) => void child.kill(signal),
    said: () => text.stderr,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        listener = () => {
          if (pattern.test(text.stderr)) resolve();
        };
        listener();
        void ended.then(() => reject(new Error(`ended without saying ${pattern}: ${text.stderr}`)));
      }),
    ended,
  };
}

/** The `drift.csv` of the one sweep in a folder. */
export function driftIn(out: string): string {
  return readFileSync(join(sweepIn(out), "drift.csv"), "utf8");
}

export function sweepIn(out: string): string {
  return join(out, readdirSync(out).find((name) => name.startsWith("cells-"))!);
}
