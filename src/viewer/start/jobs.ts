import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { allowing, inherited } from "../../environment.js";
import { packageFile } from "../../package-root.js";
import type { Permissions } from "../../permissions/index.js";
import { scenarioHash } from "../../scenario/index.js";
import { sweepHash } from "../../sweep/index.js";
import { writeWholeSync } from "../../whole/index.js";
import type { Job } from "../api.js";
import { readDraft, scenarioFolder } from "./draft.js";

const SAID = 4_000;
const INTERRUPTED = 130;

/** Runs and sweeps that were started from the page. */
export type Jobs = {
  list: () => Job[];
  /** Starts a scenario as a process of its own. Throws a UserError where the scenario is wrong or cannot be written. */
  start: (kind: Job["kind"], yaml: string) => Job;
  /** Asks a job to stop at its next safe point. */
  stop: (id: number) => boolean;
  /** Stops all jobs and waits for them; their folders can be gone on from. */
  close: () => Promise<void>;
};

/** `main` is the built command line; tests put another program in its place. */
export function openJobs(
  folder: string,
  permissions: Permissions,
  main: string = packageFile("dist/cli/main.js"),
): Jobs {
  const jobs: { job: Job; child: ChildProcess; ended: Promise<void> }[] = [];
  return {
    list: () => jobs.map(({ job }) => ({ ...job })),
    start: (kind, yaml) => {
      const { path, name, target } = write(folder, kind, yaml, permissions);
      const child = spawn(process.execPath, [main, kind, path, "--out", folder, "--quiet", "--json"], {
        // Its own group: Ctrl-C reaches it through us, once.
        detached: process.platform !== "win32",
        stdio: ["ignore", "ignore", "pipe"],
        env: inherited(allowing(permissions)),
      });
      const job: Job = { id: jobs.length + 1, name, kind, target, state: "running", said: "" };
      child.stderr?.on("data", (chunk: Buffer) => {
        job.said = (job.said + chunk.toString()).slice(-SAID);
      });
      const ended = new Promise<void>((resolve) => {
        child.on("error", (error) => {
          job.state = "failed";
          job.said += error.message;
          resolve();
        });
        child.on("close", (code) => {
          job.state = code === 0 ? "done" : code === INTERRUPTED || code === null ? "stopped" : "failed";
          resolve();
        });
      });
      jobs.push({ job, child, ended });
      return { ...job };
    },
    stop: (id) => jobs.find(({ job }) => job.id === id)?.child.kill("SIGTERM") ?? false,
    close: async () => {
      const running = jobs.filter(({ job }) => job.state === "running");
      for (const { child } of running) child.kill("SIGTERM");
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

/** Keeps the scenario beside the runs, and tells where its results will be. */
function write(
  folder: string,
  kind: Job["kind"],
  yaml: string,
  permissions: Permissions,
): { path: string; name: string; target: string } {
  const scenario = readDraft(folder, yaml, permissions);
  const hash = kind === "run" ? scenarioHash(scenario) : sweepHash(scenario);
  const target = `${scenario.name}-${hash}`;
  const path = join(scenarioFolder(folder), `${target}.yaml`);
  writeWholeSync(path, yaml);
  return { path, name: scenario.name, target };
}
