import { availableParallelism } from "node:os";
import { join } from "node:path";
import { keepHeapSmall } from "../../v8.js";
import { example, type RegisterCommand } from "../command.js";
import { GPUS_HELP, TRAINERS_HELP } from "../gpus-option.js";
import { tellIdleSettings } from "../idle-settings.js";
import { collect, count } from "../parsers.js";
import { loadGiven } from "../scenario-file.js";

export const registerRun: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("run")
    .description("run one scenario with one seed: all its rounds, with the values the file gives")
    .argument("[scenario]", "scenario file", "scenario.yaml")
    .option("--set <field=value>", "override a field; may be repeated", collect)
    .option(
      "--anew",
      "play anew what was begun with other contents of a file that the scenario names; what it holds is deleted",
    )
    .option("--gpus <ids>", GPUS_HELP)
    .option("--trainers-per-gpu <n>", TRAINERS_HELP, count)
    .option("--out <folder>", "folder for run folders", "runs")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example("candor run scenarios/ten-percent.yaml --set rounds=2 --set population.size=60"),
    )
    .action(async (file, options) => {
      const { loadScenario, scenarioHash } = await import("../../scenario/index.js");
      const { run } = await import("../../simulation/index.js");
      const { findGpus } = await import("../../program/index.js");
      const { openDisplay } = await import("../progress/index.js");
      const { report } = await import("../results/index.js");
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      const { scenario, path } = await loadGiven(file, () => loadScenario(file, options.set, permissions()));
      await tellIdleSettings(scenario, path);
      keepHeapSmall(scenario);
      requireOutsideOfRuns(options.out);
      const hash = scenarioHash(scenario);
      const display = openDisplay({ stream: process.stderr, quiet: options.quiet });
      display.begin([{ id: hash, label: `${scenario.name}, seed ${scenario.seed}` }], 0);
      try {
        const { folder, observations } = await run(scenario, {
          folder: join(options.out, `${scenario.name}-${hash}`),
          scenarioPath: path,
          given: { set: options.set },
          anew: options.anew,
          permissions: permissions(),
          threads: availableParallelism(),
          gpus: await findGpus(options.gpus, options.trainersPerGpu),
          signal,
          onEvent: (event) => display.event(hash, event),
        });
        display.ended(hash);
        display.close();
        await report({ folder, observations, failed: [], json: options.json });
      } finally {
        display.close();
      }
    });
};
