import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Job } from "../../sweep/index.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { addressOf, QUEUE_HELP } from "../queue-option.js";
import { collect } from "./run.js";

type Options = {
  set: string[];
  out: string;
  workers?: number;
  queue?: string | true;
  quiet?: boolean;
  json?: boolean;
};

export const registerSweep: RegisterCommand = (program, { signal }) => {
  program
    .command("sweep")
    .description("run a scenario's whole grid, in parallel; goes on where an earlier one stopped")
    .argument("<scenario>", "scenario file")
    .option("--set <field=value>", "override a field; may be repeated", collect, [])
    .option("--workers <n>", "processes at the same time (default: one a core)", count)
    .option("--queue [address]", QUEUE_HELP)
    .option("--out <folder>", "folder for sweep folders", "runs")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor sweep scenarios/default.yaml --workers 2 --set sweep.seeds=5",
        "candor sweep scenarios/default.yaml --queue redis://cluster:6379",
      ),
    )
    .action(async (file: string, options: Options) => {
      const { loadScenario } = await import("../../scenario/index.js");
      const { localExecutor, queueExecutor, sweep, sweepHash } = await import("../../sweep/index.js");
      const { openDisplay } = await import("../progress/index.js");
      const { report } = await import("../results/index.js");
      const { scenario, path } = loadScenario(file, options.set);
      const executor = options.queue
        ? queueExecutor(addressOf(options.queue), (notice) => process.stderr.write(`candor: ${notice}\n`))
        : localExecutor(options.workers);
      const display = openDisplay({ stream: process.stderr, quiet: options.quiet });
      try {
        const result = await sweep(scenario, {
          folder: join(options.out, `${scenario.name}-${sweepHash(scenario)}`),
          scenarioPath: path,
          executor,
          signal,
          onEvent: (event) => {
            if (event.type === "sweep") {
              const todo = event.jobs.filter(({ hash }) => !event.done.includes(hash));
              display.begin(
                todo.map((job) => ({ id: job.hash, label: label(job) })),
                event.done.length,
              );
            } else if (event.type === "run") display.event(event.hash, event.event);
            else if (event.outcome.status === "failed") {
              display.failed(event.outcome.hash, event.outcome.error, event.final);
            } else if (event.outcome.status === "done") display.ended(event.outcome.hash);
          },
        });
        display.close();
        if (result.interrupted) signal.throwIfAborted();
        await report({
          folder: result.folder,
          observations: result.observations,
          failed: result.failed.map(({ job, error, log }) => ({ label: label(job), error, log })),
          json: options.json,
        });
        if (result.failed.length > 0) throw new CommandFailed();
      } finally {
        display.close();
      }
    });
};

function label({ axes, scenario }: Job): string {
  const values = Object.entries(axes).map(([path, value]) => `${path.split(".").at(-1)} ${value}`);
  return [...values, `seed ${scenario.seed}`].join(", ");
}

export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("expected a whole number from 1 on.");
  return value;
}
