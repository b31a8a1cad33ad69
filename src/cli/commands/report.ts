import { counted } from "../../numbers.js";
import { example, type RegisterCommand } from "../command.js";
import { say, tell } from "../say.js";

export const registerReport: RegisterCommand = (program) => {
  program
    .command("report")
    .description(
      "write a run's or sweep's report: one HTML file that needs no network, and the figures as SVG",
    )
    .argument("<folder>", "a run's or a sweep's folder")
    .option("--out <folder>", "where to (default: the folder itself)")
    .option("--json", "print the written files as JSON")
    .addHelpText("after", example("candor report runs/default-0123456789"))
    .action(async (folder, { out, json }) => {
      const { writeReport } = await import("../../report/index.js");
      const { report, figures, notes } = await writeReport(folder, out);
      for (const note of notes) tell(`note: ${note}\n`);
      say(
        json
          ? `${JSON.stringify({ report, figures }, null, 2)}\n`
          : `wrote ${report} and ${counted(figures.length, "figure")} beside it\n`,
      );
    });
};
