import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { isResultFormat, resultNames, trainerNames } from "../../export/formats.js";
import { counted } from "../../numbers.js";
import { example, type RegisterCommand } from "../command.js";
import { refuseIdle } from "../idle.js";
import { count } from "../parsers.js";
import { say } from "../say.js";
import { ktoAdvice, roundsOf, warnOfMissing } from "./data.js";

export const registerExport: RegisterCommand = (program) => {
  program
    .command("export")
    .description("write a run's or sweep's results, or a run's preference data for another trainer")
    .argument("<folder>", "a run's folder; for results also a sweep's")
    .addOption(
      new Option(
        "--format <format>",
        "results as tables, Vega-Lite figures, a methods paragraph with BibTeX, a data set with a card, logs that inspect view opens or event files for TensorBoard; a run's last checkpoint with a model card (peft); or rows for a trainer",
      )
        .choices([...resultNames, ...trainerNames])
        .default("trl"),
    )
    .option("--out <folder>", "where to (default: <folder>/export/<format>)")
    .option(
      "--round <n>",
      "for a trainer: the round whose rows to write (default: the last one that has any)",
      count,
    )
    .option(
      "--model <name>",
      "for a trainer: the model to train, by its name for it (default: the run's assistant)",
    )
    .addHelpText(
      "after",
      example(
        "candor export runs/default-0123456789 --format parquet",
        "candor export runs/ten-percent-0123456789",
        "cd runs/ten-percent-0123456789/export/trl-004",
        "trl sft --config trl.yaml",
      ),
    )
    .action(async (run, options, command) => {
      if (isResultFormat(options.format)) {
        refuseIdle(
          command,
          ["--round", "--model"],
          `of rows for a trainer only; ${options.format} has all rounds`,
        );
        const { exportResults } = await import("../../export/index.js");
        const out = options.out ?? join(run, "export", options.format);
        const files = await exportResults(run, options.format, out);
        say(`wrote ${counted(files.length, "file")} to ${out}\n`);
        return;
      }
      const { readTrainingData, writeTrainingData } = await import("../../export/index.js");
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      const request = await readTrainingData(run, options);
      const name = `${options.format}-${String(request.rounds.last).padStart(3, "0")}`;
      const out = options.out ?? join(run, "export", name);
      requireOutsideOfRuns(out, { of: run });
      await writeTrainingData(out, options.format, request);
      warnOfMissing(request);
      say(`wrote ${counted(request.data.rows.length, "row")} of ${roundsOf(request)} to ${out}\n`);
      if (request.adapter) say(`they go on from the adapter ${request.adapter}\n`);
      const advice = await ktoAdvice(request);
      if (advice)
        say(
          `the two sides are uneven; TRL advises desirable_weight: ${advice.desirable_weight}, undesirable_weight: ${advice.undesirable_weight}\n`,
        );
    });
};
