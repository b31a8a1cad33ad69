import { example, type RegisterCommand } from "../command.js";

export const registerShow: RegisterCommand = (program) => {
  program
    .command("show")
    .description("print a run's or sweep's curves of honesty and its numbers")
    .argument("<folder>", "a run's or a sweep's folder")
    .option("--json", "print the numbers as JSON")
    .addHelpText("after", example("candor show runs/default-0123456789"))
    .action(async (folder, { json }) => {
      const { showRun } = await import("../../report/index.js");
      const { honestyTable } = await import("../results/tables.js");
      const { casesBlock, casesOf } = await import("../results/cases.js");
      const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
      const { rows, curves, speak, catalogue } = await showRun(folder, colour);
      const cases = await casesOf(folder);
      process.stdout.write(
        json
          ? `${JSON.stringify(rows, null, 2)}\n`
          : `\n${curves}\n\nHonesty in percent, with 95 % intervals\n\n${honestyTable(rows, speak, catalogue)}\n${cases ? `\n${casesBlock(cases, speak)}\n` : ""}`,
      );
    });
};
