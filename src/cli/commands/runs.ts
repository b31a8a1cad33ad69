import { UserError } from "../../errors.js";
import { example, type RegisterCommand } from "../command.js";
import { collect } from "../parsers.js";
import { say } from "../say.js";

export const registerRuns: RegisterCommand = (program) => {
  const runs = program
    .command("runs")
    .description("keep runs in order: list, name, tag, note, archive, delete")
    .addHelpText(
      "after",
      example(
        "candor runs",
        "candor runs tag runs/default-0123456789 baseline paper",
        "candor runs list --tag paper",
      ),
    );
  runs
    .command("list", { isDefault: true })
    .description("list the runs and sweeps of a folder")
    .argument("[folder]", "where they are", "runs")
    .option("--tag <tag>", "only those that have it; may be repeated", collect)
    .option("--all", "archived ones too")
    .option("--json", "print the list as JSON")
    .addHelpText("after", example("candor runs list runs --tag paper"))
    .action(async (folder, options) => {
      const { listRuns, runsTable } = await import("../results/runs.js");
      const listed = await listRuns(folder, options);
      say(options.json ? `${JSON.stringify(listed, null, 2)}\n` : runsTable(listed, folder));
    });
  runs
    .command("name")
    .description("call a run or sweep something; without a name it loses the one it has")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("[name]", "what to call it")
    .addHelpText("after", example('candor runs name runs/default-0123456789 "first try"'))
    .action(async (folder, name) => {
      const { label } = await import("../../runs/index.js");
      await label(folder, ({ name: _before, ...others }) => ({
        ...others,
        ...(name === undefined ? {} : { name }),
      }));
      say(name === undefined ? `${folder} has no name any more\n` : `${folder} is called ${name}\n`);
    });
  runs
    .command("tag")
    .description("give a run or sweep tags")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("<tags...>", "words to find it by")
    .option("--remove", "take the tags away")
    .addHelpText("after", example("candor runs tag runs/default-0123456789 baseline"))
    .action(async (folder, tags, { remove }) => {
      const { label } = await import("../../runs/index.js");
      const after = await label(folder, (labels) => {
        const others = labels.tags.filter((tag) => !tags.includes(tag));
        return { ...labels, tags: remove ? others : [...others, ...new Set(tags)] };
      });
      say(`${folder} has ${after.tags.length === 0 ? "no tags" : `the tags ${after.tags.join(", ")}`}\n`);
    });
  runs
    .command("note")
    .description("write a note to a run or sweep; without a text, print the one it has")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("[text]", "the note; empty takes it away")
    .addHelpText("after", example('candor runs note runs/default-0123456789 "seed 3 collapsed; see the log"'))
    .action(async (folder, text) => {
      const { label, readLabels } = await import("../../runs/index.js");
      if (text === undefined) return say(`${(await readLabels(folder)).note ?? "no note"}\n`);
      await label(folder, ({ note: _before, ...others }) => ({
        ...others,
        ...(text === "" ? {} : { note: text }),
      }));
      say(text === "" ? `${folder} has no note any more\n` : `${folder} has the note\n`);
    });
  runs
    .command("archive")
    .description("leave runs or sweeps out of lists; nothing is deleted")
    .argument("<folders...>", "their folders")
    .option("--undo", "list them again")
    .addHelpText("after", example("candor runs archive runs/default-0123456789"))
    .action(async (folders, { undo }) => {
      const { label } = await import("../../runs/index.js");
      for (const folder of folders) {
        await label(folder, ({ archived: _before, ...others }) => ({
          ...others,
          ...(undo ? {} : { archived: true as const }),
        }));
        say(`${folder} is ${undo ? "listed again" : "archived"}\n`);
      }
    });
  runs
    .command("delete")
    .description("delete runs or sweeps with all that they hold, for good")
    .argument("<folders...>", "their folders")
    .option("--yes", "do it; without, nothing is deleted")
    .addHelpText("after", example("candor runs delete runs/default-0123456789 --yes"))
    .action(async (folders, { yes }) => {
      const { deleteRun } = await import("../../runs/index.js");
      if (!yes)
        throw new UserError(`${folders.join(", ")} would be deleted for good; add --yes if that is meant`);
      for (const folder of folders) {
        await deleteRun(folder);
        say(`${folder} is deleted\n`);
      }
    });
};
