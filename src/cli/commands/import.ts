import { UserError } from "../../errors.js";
import { counted } from "../../numbers.js";
import { example, type RegisterCommand } from "../command.js";
import { whole } from "../parsers.js";
import { say } from "../say.js";

export const registerImport: RegisterCommand = (program) => {
  program
    .command("import")
    .description("take what another harness found of a run's checkpoint into its drift tables, as a suite")
    .argument("<folder>", "the run's folder")
    .argument("<file>", "Inspect's log as JSON, or samples_<task>_….jsonl of lm_eval --log_samples")
    .requiredOption("--round <n>", "the round whose checkpoint was measured; 0 is the untrained model", whole)
    .option("--suite <name>", "what to call it (default: the task's name)")
    .option("--alike", "take results that another round or suite of the run has to the letter")
    .option("--json", "print what was taken as JSON")
    .addHelpText(
      "after",
      example(
        "candor import runs/ten-percent-0123456789 samples_arc_easy_2026-03-01T10-00-00.jsonl --round 0",
        "candor import runs/ten-percent-0123456789 samples_arc_easy_2026-03-01T10-20-00.jsonl --round 4",
        "candor show runs/ten-percent-0123456789",
      ),
    )
    .action(async (folder, file, options) => {
      const { readOutside } = await import("../../outside/index.js");
      const { addOutsideResults, readManifest, readObservations, runPaths, writeDrift } = await import(
        "../../runs/index.js"
      );
      const read = readOutside(file);
      const suite = options.suite ?? read.suite;
      if (!/^[A-Za-z0-9][\w-]*$/u.test(suite))
        throw new UserError(`--suite ${suite}: expected letters, digits, dashes and underscores`);
      const results = read.results.map((one) => ({ ...one, suite, subset: suite }));
      const place = { round: options.round, suite, alike: options.alike };
      const { before, unchanged } = await addOutsideResults(folder, place, results);
      const manifest = (await readManifest(runPaths(folder)))!;
      await writeDrift(folder, await readObservations(folder, manifest));
      const metrics = [...new Set(results.flatMap(({ scores }) => Object.keys(scores)))];
      const taken = {
        suite,
        from: read.from,
        round: options.round,
        questions: results.length,
        metrics,
        left_out: read.left_out,
        replaced: before,
        unchanged,
      };
      const stood = unchanged
        ? "; they stood there already"
        : before > 0
          ? `; in place of ${counted(before, "question")} that stood there`
          : "";
      say(
        options.json
          ? `${JSON.stringify(taken, null, 2)}\n`
          : `took ${counted(results.length, "question")} of ${suite} (${read.from}) into round ${options.round}: ${metrics.join(", ")}${read.left_out.length > 0 ? `; left out, as they are no shares: ${read.left_out.join(", ")}` : ""}${stood}\n`,
      );
    });
};
