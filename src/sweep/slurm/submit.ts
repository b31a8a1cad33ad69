import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { allowing, inherited } from "../../environment.js";
import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";
import { NOTHING, type Permissions } from "../../permissions/index.js";
import {
  type GivenOptions,
  lockFolder,
  makeFolder,
  readSubmission,
  writeScripts,
  writeSubmission,
} from "../../runs/index.js";
import type { Scenario } from "../../scenario/index.js";
import { checkSweep, clearOtherwise, doneJobs, jobsOf, recordSweep } from "../jobs.js";
import { arrayScript, collectScript } from "./script.js";

export type SubmitOptions = {
  /** The sweep's folder; all nodes must see it, and candor, under the same paths. */
  folder: string;
  scenarioPath: string;
  /** What `candor sweep` was given beside the scenario; no command did if absent. */
  given?: GivenOptions;
  /** Plays anew what was begun with other contents of what the scenario names; what it holds is deleted. */
  anew?: boolean;
  /** What the user lets the scenario do, here and in the tasks; nothing if absent. */
  permissions?: Permissions;
  /** Passed on to Slurm as they are, for the array and the collecting job. */
  options: readonly string[];
  /** The most tasks that run at once; as many as Slurm starts if absent. */
  atOnce?: number;
};

/** `cells` and `done` count runs; `array` and `collect` are job numbers, absent if nothing is left to do. */
export type Submitted = {
  cells: number;
  done: number;
  scripts: string[];
  array?: string;
  collect?: string;
};

/**
 * Hands a sweep to Slurm: an array job that plays the cells which are not done, and a job after it that collects. Returns
 * at once. Throws a UserError on a bad scenario, on options that cannot be passed on, if the sweep is queued already or if
 * Slurm refuses.
 */
export async function submitSweep(scenario: Scenario, options: SubmitOptions): Promise<Submitted> {
  const { folder, scenarioPath, permissions = NOTHING } = options;
  checkOptions(options.options);
  const jobs = jobsOf(scenario, folder, scenarioPath);
  const checked = await checkSweep(scenario, jobs, options);
  await makeFolder(folder);
  const unlock = await lockFolder(folder);
  try {
    await refuseIfQueued(folder);
    await recordSweep(scenario, jobs, checked, options);
    if (options.anew) await clearOtherwise(jobs, checked);
    const done = await doneJobs(jobs, checked);
    const at = {
      name: scenario.name,
      folder: resolve(folder),
      program: [process.execPath, packageFile("dist/cli/main.js")],
      cells: jobs.length,
      left: jobs.length - done.size,
      atOnce: options.atOnce,
      options: options.options,
    };
    const scripts = await writeScripts(folder, { array: arrayScript(at), collect: collectScript(at) });
    const result = { cells: jobs.length, done: done.size, scripts: Object.values(scripts) };
    if (done.size === jobs.length) return result;
    const array = await sbatch([scripts.array], permissions);
    const collect = await sbatch([`--dependency=afterany:${array}`, scripts.collect], permissions).catch(
      (error: UserError) => withdraw(array, error),
    );
    await writeSubmission(folder, { array, collect });
    return { ...result, array, collect };
  } finally {
    await unlock();
  }
}

/** These are the sweep's own business. */
const OWN = /^(?:-a|-d|-J|-o|--(?:array|dependency|job-name|output|wrap|parsable))(?:[=\s]|$)/u;

function checkOptions(options: readonly string[]): void {
  for (const option of options) {
    if (/[\r\n]/u.test(option) || !option.startsWith("-"))
      throw new UserError(
        `--sbatch ${JSON.stringify(option)}: expected one option, e.g. --sbatch=--time=1:00:00`,
      );
    if (OWN.test(option)) throw new UserError(`--sbatch ${option}: candor sets this itself`);
  }
}

async function refuseIfQueued(folder: string): Promise<void> {
  const submission = await readSubmission(folder);
  if (!submission) return;
  const { array, collect } = submission;
  const queued = await promisify(execFile)("squeue", ["--noheader", "--jobs", `${array},${collect}`]).then(
    ({ stdout }) => stdout.trim() !== "",
    ({ code, stderr = "", message }: Error & { code?: string | number; stderr?: string }) => {
      // Slurm forgets jobs some minutes after their end.
      if (code === "ENOENT" || /invalid job id/iu.test(stderr)) return false;
      throw new UserError(
        `squeue, which is asked whether job ${array} still plays this sweep: ${stderr.trim() || message}`,
      );
    },
  );
  if (queued)
    throw new UserError(
      `${folder} is with Slurm as job ${array} (collected by ${collect}); wait for it, or \`scancel ${array} ${collect}\` first`,
    );
}

/** Cancels an array that nobody would collect, nor find again. Throws why. */
async function withdraw(array: string, { message }: UserError): Promise<never> {
  const [done, advice] = await promisify(execFile)("scancel", [array]).then(
    () => ["was cancelled", "give the command again once it can be had"],
    () => ["could not be cancelled", `\`scancel ${array}\` first`],
  );
  throw new UserError(`${message}; the array (job ${array}) ${done}: ${advice}`);
}

/** Submits a script and returns its job's number. */
async function sbatch(args: readonly string[], permissions: Permissions): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("sbatch", ["--parsable", ...args], {
      // Slurm passes it on to the tasks.
      env: inherited(allowing(permissions)),
    });
    // `number;cluster` where there are several clusters; a site may print more before it.
    const number = /^(\d+)(?:;.*)?$/u.exec(stdout.trim().split("\n").at(-1)!)?.[1];
    if (number === undefined) throw new Error(`it told no job's number: ${JSON.stringify(stdout)}`);
    return number;
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: string; stderr?: string };
    if (code === "ENOENT") {
      throw new UserError(
        `sbatch is not on this machine. On one that has it: sbatch ${args.at(-1)}, and the collecting job after it`,
      );
    }
    throw new UserError(`sbatch ${args.at(-1)}: ${stderr?.trim() || message}`);
  }
}
