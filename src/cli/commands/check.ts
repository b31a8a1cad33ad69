import { gathered, UserError } from "../../errors.js";
import { example, type RegisterCommand } from "../command.js";
import { say } from "../say.js";

export const registerCheck: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("check")
    .description("read files of any kind that candor uses, and say all that is wrong with them, by line")
    .argument(
      "<files...>",
      "scenarios, personas, packs, probes, feedback, training data, pairs for a rater, labels for a judge, prices; modules and trainers, which are run if they may be; folders of runs and sweeps",
    )
    .option(
      "--as <kind>",
      "what the files are to be, such as mask or logs; any other word lists all kinds (default: found out by looking)",
    )
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      example(
        "candor check scenario.yaml personas/*.yaml",
        "candor check suites/my-suite.mjs --allow-modules",
        "candor check answers.jsonl --as data",
      ),
    )
    .action(async (files, options) => {
      const { checkFile } = await import("../../check/index.js");
      const results = [];
      const wrong: UserError[] = [];
      for (const file of files) {
        signal.throwIfAborted();
        try {
          const found = await checkFile(file, { as: options.as, permissions: permissions(), signal });
          results.push({ file, ...found, problems: [], mistakes: [] });
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          wrong.push(error);
          const { lines, mistakes } = error;
          results.push({ file, kind: null, says: null, problems: [...lines], mistakes: [...mistakes] });
        }
      }
      if (options.json) say(`${JSON.stringify(results, null, 2)}\n`);
      else for (const { file, says } of results) if (says !== null) say(`${file}: ${says}\n`);
      if (wrong.length > 0) throw gathered(wrong);
    });
};
