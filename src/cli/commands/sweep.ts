import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { UserError } from "../../errors.js";
import type { Gpus } from "../../program/index.js";
import type { Scenario } from "../../scenario/index.js";
import { type BackEnd, backEnds } from "../../sweep/back-ends/index.js";
import type { Submitted, SweepOptions, SweepResult } from "../../sweep/index.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { GPUS_HELP, TRAINERS_HELP } from "../gpus-option.js";
import { refuseIdle } from "../idle.js";
import { tellIdleSettings } from "../idle-settings.js";
import { collect, count } from "../parsers.js";
import { say, tell } from "../say.js";
import { loadGiven } from "../scenario-file.js";

const EXAMPLES = [
  "candor sweep scenarios/default.yaml --workers 2 --set sweep.seeds=5",
  "candor sweep scenarios/default.yaml --vary training.learning_rate=0.001,0.003 --plan",
  "candor sweep scenarios/default.yaml --queue redis://cluster:6379",
  "candor sweep scenarios/default.yaml --slurm --sbatch=--partition=cpu --sbatch=--time=2:00:00",
];

export const registerSweep: RegisterCommand = (program, { signal, permissions }) => {
  const command = program
    .command("sweep")
    .description("run a scenario's whole grid, in parallel; goes on where an earlier one stopped")
    .argument("[scenario]", "scenario file", "scenario.yaml")
    .option("--set <field=value>", "override a field; may be repeated", collect)
    .option("--vary <field=values>", "an axis more: a,b,c or 0..1:0.1 or @file; may be repeated", collect)
    .option("--zip <field,field>", "go along these axes together, pair by pair", collect)
    .option("--filter <axis=value>", "only this part of the grid, e.g. seed=1; may be repeated", collect)
    .option("--plan", "play nothing; say how many runs there are, and what they take by a short probe")
    .option(
      "--anew",
      "play anew what was begun with other contents of a file that the scenario names; what it holds is deleted",
    )
    .option("--workers <n>", "processes at the same time (default: one a core)", count)
    .option("--gpus <ids>", GPUS_HELP)
    .option("--trainers-per-gpu <n>", TRAINERS_HELP, count)
    .option("--slurm", "hand the runs to Slurm as an array job with a collecting job after it, and return")
    .option("--sbatch <option>", "with --slurm: an option for sbatch, as it is; may be repeated", collect)
    .option(
      "--at-once <n>",
      "with --slurm: most tasks at the same time (default: as many as Slurm starts)",
      count,
    )
    .option("--collect <folder>", "play nothing; estimate from what is in a sweep's folder")
    .option("--out <folder>", "folder for sweep folders", "runs")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText("after", example(...EXAMPLES))
    .action(async (file, { filter = [], sbatch = [], ...options }, command) => {
      const library = await import("../../sweep/index.js");
      refuseIdleHere(command, options);
      if (options.collect !== undefined)
        return await show(await library.collectSweep(options.collect, permissions()), options);
      const { scenario, path } = await loadGiven(file, () => library.loadGrid(file, options, permissions()));
      await tellIdleSettings(scenario, path);
      for (const note of library.unreached(options.set, scenario)) tell(`note: ${note}\n`);
      const folder = join(options.out, `${scenario.name}-${library.sweepHash(scenario)}`);
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      requireOutsideOfRuns(options.out);
      const { set, vary, zip } = options;
      const given = { set, vary, zip };
      const at = { folder, scenarioPath: path, given, anew: options.anew, permissions: permissions() };
      const only = library.gridFilter(filter, scenario);
      const workers = options.workers ?? availableParallelism();
      if (options.plan) {
        const { showPlan } = await import("../results/plan.js");
        return showPlan(await library.planSweep(scenario, { ...at, only, workers, signal }), options);
      }
      if (options.slurm) {
        return submitted(
          await library.submitSweep(scenario, { ...at, options: sbatch, atOnce: options.atOnce }),
          options,
        );
      }
      const { executor, ...told } = await executorFor(options, workers);
      await played(scenario, { ...at, only, executor, signal }, { ...options, ...told });
    });
  for (const kind of backEnds) command.addOption(optionOf(kind));
};

/** What plays the runs, in words for a display, and what lets that wait until something elsewhere was reached. */
async function executorFor(options: Parameters<typeof placement>[0], workers: number) {
  const away = backEndOf(options);
  if (!away) {
    const { localExecutor } = await import("../../sweep/index.js");
    const executor = localExecutor(workers, undefined, await placement(options));
    return { executor, where: `${workers} at a time` };
  }
  let begin = (): void => {};
  const executor = await away.kind.open(
    away.value,
    (notice) => tell(`candor: ${notice}\n`),
    () => begin(),
  );
  const whenReady = (then: () => void): void => {
    begin = then;
  };
  return { executor, where: `by the workers of --${away.kind.name}`, whenReady };
}

/** Where trainers are placed on this machine. */
const CARDS = ["--gpus", "--trainers-per-gpu"];

type Where = { collect?: string; plan?: true; slurm?: true };

/** What says how or where runs are played has nothing to say of those that are played elsewhere, or not at all. */
function refuseIdleHere(command: Parameters<typeof refuseIdle>[0], options: Where): void {
  const { collect, plan, slurm } = options;
  const elsewhere = backEnds.map(({ name }) => `--${name}`);
  const grid = ["--set", "--vary", "--zip", "--filter"];
  const playing = [...CARDS, "--slurm", "--at-once", "--sbatch", ...elsewhere];
  if (collect !== undefined)
    refuseIdle(
      command,
      [...grid, "--plan", "--anew", "--workers", "--out", ...playing],
      "not with --collect, which takes a sweep's folder as it is",
    );
  else if (plan) refuseIdle(command, ["--anew", ...playing], "not with --plan, which plays nothing");
  else if (slurm) {
    refuseIdle(command, ["--filter"], "not with --slurm, which plays what is missing");
    refuseIdle(command, ["--workers", ...elsewhere], "not with --slurm; --at-once says how many");
    refuseIdle(command, CARDS, "not with --slurm, which gives tasks their cards; --sbatch asks it for them");
  } else {
    refuseIdle(command, ["--at-once", "--sbatch"], "only with --slurm; elsewhere --workers says how many");
    const away = backEndOf(options);
    if (away)
      refuseIdle(
        command,
        ["--workers", ...CARDS],
        `not with --${away.kind.name}; how many play, and on which cards, is said where they play`,
      );
  }
}

/** Plays a grid with a display of how it comes along, and shows what came out. */
async function played(
  scenario: Scenario,
  options: Omit<SweepOptions, "onEvent">,
  {
    quiet,
    json,
    where,
    whenReady,
  }: { quiet?: boolean; json?: boolean; where: string; whenReady?: (begin: () => void) => void },
): Promise<void> {
  const { sweep } = await import("../../sweep/index.js");
  const { openSweepDisplay } = await import("../progress/sweep.js");
  const display = openSweepDisplay(quiet, where, whenReady);
  try {
    const result = await sweep(scenario, { ...options, onEvent: display.tell });
    display.close();
    if (result.interrupted) options.signal?.throwIfAborted();
    await show(result, { json });
  } finally {
    display.close();
  }
}

function optionOf({ name, value, about }: BackEnd): Option {
  return new Option(`--${name} ${value}`.trimEnd(), about);
}

/** The back end that was asked for; undefined for this machine. Throws a UserError on more than one. */
function backEndOf(options: object): { kind: BackEnd; value: string | true } | undefined {
  const values = new Map<string, unknown>(Object.entries(options));
  const given: { kind: BackEnd; value: string | true }[] = [];
  for (const kind of backEnds) {
    const value = values.get(optionOf(kind).attributeName());
    if (value === true || typeof value === "string") given.push({ kind, value });
  }
  if (given.length > 1)
    throw new UserError(
      `runs are played in one place: ${given.map(({ kind }) => `--${kind.name}`).join(" or ")}`,
    );
  return given[0];
}

async function placement({
  gpus,
  trainersPerGpu,
}: {
  gpus?: string;
  trainersPerGpu?: number;
}): Promise<Gpus> {
  const { findGpus } = await import("../../program/index.js");
  return await findGpus(gpus, trainersPerGpu);
}

async function show(result: SweepResult, { json }: { json?: boolean }): Promise<void> {
  const { report } = await import("../results/index.js");
  const { jobLabel } = await import("../progress/sweep.js");
  await report({
    folder: result.folder,
    observations: result.observations,
    failed: result.failed.map(({ job, error, log }) => ({ label: jobLabel(job), error, log })),
    json,
  });
  if (result.failed.length > 0) throw new CommandFailed();
}

function submitted(result: Submitted, { json }: { json?: boolean }): void {
  const { cells, done, array, collect, scripts } = result;
  if (json) say(`${JSON.stringify(result, null, 2)}\n`);
  else if (array === undefined)
    say(
      `${cells === 1 ? "the run is" : `all ${cells} runs are`} done; candor sweep --collect shows ${cells === 1 ? "it" : "them"}\n`,
    );
  else {
    say(
      `${cells - done} of ${cells} runs are with Slurm: job ${array}, collected by job ${collect}\n${scripts.join("\n")}\n`,
    );
  }
}
