import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { trainerNames } from "../../export/formats.js";
import type { TrainingData } from "../../export/index.js";
import type { Permissions } from "../../permissions/index.js";
import { example, type RegisterCommand } from "../command.js";
import { refuseIdle } from "../idle.js";
import { collect, count } from "../parsers.js";
import { say, tell } from "../say.js";
import { loadGiven } from "../scenario-file.js";

export const registerData: RegisterCommand = (program, { permissions }) => {
  program
    .command("data")
    .description(
      "write a run's preference data for a trainer of yours; or, of a scenario with source: logs, show what selection would teach",
    )
    .argument("<run>", "a run's folder, or a scenario's file")
    .option("--set <field=value>", "of a scenario: override a field; may be repeated", collect)
    .addOption(
      new Option("--format <format>", "whose files to write; openai: the JSON lines of fine-tuning APIs")
        .choices(trainerNames)
        .default("trl"),
    )
    .option("--round <n>", "the round whose rows to write (default: the last one that has any)", count)
    .option("--out <folder>", "where to (default: <run>/data/<format>-<round>)")
    .option(
      "--model <name>",
      "the model to train, by its name for the trainer (default: the run's assistant)",
    )
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      example(
        "candor data runs/ten-percent-0123456789",
        "cd runs/ten-percent-0123456789/data/trl-004",
        "trl sft --config trl.yaml",
        "candor data scenarios/logs.yaml   # before any run: which rows, whom they please",
      ),
    )
    .action(async (run, options, command) => {
      if (/\.ya?ml$/iu.test(run)) {
        refuseIdle(
          command,
          ["--format", "--round", "--out", "--model"],
          "of a run only; of a scenario nothing is written",
        );
        await showSelection(run, options, permissions());
        return;
      }
      refuseIdle(command, ["--set"], "of a scenario only; a run has been played with the fields that it has");
      const { readTrainingData, writeTrainingData } = await import("../../export/index.js");
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      const request = await readTrainingData(run, options);
      const { adapter, data, rounds } = request;
      const round = rounds.last;
      const name = `${options.format}-${String(round).padStart(3, "0")}`;
      const out = options.out ?? join(run, "data", name);
      requireOutsideOfRuns(out, { of: run });
      const files = await writeTrainingData(out, options.format, request);
      const rows = data.rows.length;
      const advice = await ktoAdvice(request);
      warnOfMissing(request);
      if (options.json) {
        const written = { folder: out, files, round, method: data.method, rows, adapter };
        say(`${JSON.stringify({ ...written, advice }, null, 2)}\n`);
        return;
      }
      say(`wrote ${rows} ${data.method} rows of ${roundsOf(request)} to ${out}\n`);
      if (adapter) say(`they go on from the adapter ${adapter}\n`);
      if (advice)
        say(
          `the two sides are uneven; TRL advises desirable_weight: ${advice.desirable_weight}, undesirable_weight: ${advice.undesirable_weight}\n`,
        );
    });
};

/** Shows what selection would teach of a scenario's logs. */
async function showSelection(
  run: string,
  { set, json }: { set?: string[]; json?: true },
  permissions: Permissions,
): Promise<void> {
  const { loadScenario } = await import("../../scenario/index.js");
  const { previewLogs } = await import("../../simulation/index.js");
  const { logTables } = await import("../results/logs.js");
  const scenario = await loadGiven(run, () => loadScenario(run, set, permissions));
  const preview = await previewLogs(scenario, permissions);
  say(json ? `${JSON.stringify(preview, null, 2)}\n` : logTables(preview));
}

/** `round 3`, or `rounds 3 to 4` where trainings are further apart. */
export function roundsOf({ rounds: { first, last } }: TrainingData): string {
  return first === last ? `round ${last}` : `rounds ${first} to ${last}`;
}

/** To train on the rows from the beginning, where the run goes on from a checkpoint, would be another experiment. */
export function warnOfMissing({ missing }: TrainingData): void {
  if (missing !== null)
    tell(
      `candor: this training goes on from the adapter ${missing}, which is not there; name it to the trainer yourself\n`,
    );
}

/** Weights that balance uneven sides, where they are uneven. */
export async function ktoAdvice({
  data,
  settings,
}: TrainingData): Promise<{ desirable_weight: number; undesirable_weight: number } | null> {
  const { balancedKtoWeights, kindOfRows } = await import("../../preference/index.js");
  const of = kindOfRows(data);
  return of.kind === "labelled" ? balancedKtoWeights(of.rows, settings) : null;
}
