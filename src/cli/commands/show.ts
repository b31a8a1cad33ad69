import { existsSync, statSync } from "node:fs";
import { asCalled, typed } from "../../called.js";
import { setting } from "../../environment.js";
import { example, type RegisterCommand } from "../command.js";
import { say, tell } from "../say.js";

export const registerShow: RegisterCommand = (program) => {
  program
    .command("show")
    .description(
      "print a run's or sweep's curves of honesty and its numbers; of a folder of runs, their list",
    )
    .argument("<folder>", "a run's or a sweep's folder, or one that holds some")
    .option("--json", "print the numbers as JSON")
    .addHelpText("after", example("candor show runs/default-0123456789"))
    .action(async (folder, { json }) => {
      const { headlineLines, nextLines, showRun, strayTables } = await import("../../report/index.js");
      const listed = await listedIn(folder);
      if (listed) {
        const { runsTable } = await import("../results/runs.js");
        return say(json ? `${JSON.stringify(listed, null, 2)}\n` : runsTable(listed, folder));
      }
      const { besideWords, honestyTable, importedTable, measureWords, verdictTable } = await import(
        "../results/tables.js"
      );
      const { casesBlock } = await import("../results/cases.js");
      const colour = process.stdout.isTTY === true && !setting.NO_COLOR();
      const { source, analysis, cases, headline, curves, terms } = await showRun(folder, colour);
      for (const note of await strayTables(source)) tell(`note: ${note}\n`);
      const { pooled: rows, catalogue } = analysis;
      const blocks = [
        headlineLines(headline).map(typed).join("\n"),
        curves,
        `${measureWords(catalogue, analysis)} in percent, with 95 % intervals\n\n${honestyTable(analysis, terms)}`,
        `${besideWords(rows, catalogue)}\n\n${verdictTable(analysis, terms)}`,
        ...[importedTable(rows, catalogue)].filter((block) => block !== ""),
        ...(cases ? [casesBlock(cases, terms)] : []),
        `Next\n${nextLines(headline).map(asCalled).join("\n")}`,
      ];
      say(json ? `${JSON.stringify({ headline, pooled: rows }, null, 2)}\n` : `\n${blocks.join("\n\n")}\n`);
    });
};

/** The runs that lie in a folder which is neither a run nor a sweep itself; null where there are none. */
async function listedIn(folder: string) {
  const { isSweepFolder, readManifest, runPaths } = await import("../../runs/index.js");
  if (isSweepFolder(folder) || (await readManifest(runPaths(folder)).catch(() => null)) !== undefined)
    return null;
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return null;
  const { listRuns } = await import("../results/runs.js");
  const listed = await listRuns(folder, {});
  return listed.runs.length + listed.damaged.length + listed.archived > 0 ? listed : null;
}
