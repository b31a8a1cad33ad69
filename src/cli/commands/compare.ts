import { resolve } from "node:path";
import { UserError } from "../../errors.js";
import { example, type RegisterCommand } from "../command.js";
import { say } from "../say.js";

export const registerCompare: RegisterCommand = (program) => {
  program
    .command("compare")
    .description(
      "set two runs or two sweeps side by side: settings that differ, numbers, differences with intervals",
    )
    .argument("<first>", "a run's or a sweep's folder")
    .argument("<second>", "another one")
    .option("--json", "print the comparison as JSON")
    .addHelpText("after", example("candor compare runs/default-0123456789 runs/default-9876543210"))
    .action(async (first, second, { json }) => {
      if (resolve(first) === resolve(second))
        throw new UserError(`${first} is named twice; name another run or sweep beside it`);
      const { compareSources } = await import("../../decide/index.js");
      const { readOutcome } = await import("../../report/index.js");
      const { comparisonTables } = await import("../results/compare.js");
      const [one, other] = [await readOutcome(first), await readOutcome(second)];
      const comparison = compareSources(one.source, other.source);
      const headlines = { first: one.headline.sentence, second: other.headline.sentence };
      say(
        json
          ? `${JSON.stringify({ first, second, headlines, ...comparison }, null, 2)}\n`
          : comparisonTables(comparison, { first, second, headlines }, one.analysis.catalogue),
      );
    });
};
