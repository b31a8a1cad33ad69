import { existsSync } from "node:fs";
import type { Command } from "@commander-js/extra-typings";
import { UserError } from "../../errors.js";
import { counted } from "../../numbers.js";
import type { Labels } from "../../runs/index.js";
import { didYouMean, nearest } from "../../yaml/index.js";
import { example, type RegisterCommand } from "../command.js";
import { collect } from "../parsers.js";
import { harmless, say } from "../say.js";

export const registerRuns: RegisterCommand = (program, { signal }) => {
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
  // An unknown word is taken for the folder of the list, which is given where no command is.
  runs.hook("preSubcommand", (_runs, chosen) => {
    const [word = ""] = runs.args;
    const isWord = word !== "" && !word.startsWith("-");
    if (chosen.name() === "list" && isWord && word !== "list")
      refuseMistyped(word, runs.commands, runs.args.filter((one) => !one.startsWith("-")).length);
  });
  addList(runs);
  addName(runs);
  addTag(runs);
  addNote(runs);
  addArchive(runs);
  addDelete(runs, signal);
};

function addList(runs: Command): void {
  runs
    .command("list", { isDefault: true })
    .description("list the runs and sweeps of a folder")
    .argument("[folder]", "where they are (default: runs)")
    .option("--tag <tag>", "only those that have it; may be repeated", collect)
    .option("--all", "archived ones too")
    .option("--headlines", "what came of each, below the list; takes as long as candor show of each")
    .option("--json", "print the list as JSON")
    .addHelpText("after", example("candor runs list runs --tag paper --headlines"))
    .action(async (given, options) => {
      const { listRuns, runsTable } = await import("../results/runs.js");
      const folder = given ?? "runs";
      const listed = await listRuns(folder, { ...options, elsewhere: given === undefined });
      say(
        options.json
          ? `${JSON.stringify(listed, null, 2)}\n`
          : runsTable(listed, folder, { tag: options.tag }),
      );
    });
}

function addName(runs: Command): void {
  runs
    .command("name")
    .description("call a run or sweep something; without a name it loses the one it has")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("[name]", "what to call it; empty takes it away")
    .option("--json", "print the labels as JSON")
    .addHelpText("after", example('candor runs name runs/default-0123456789 "first try"'))
    .action(async (folder, name, { json }) => {
      const { label } = await import("../../runs/index.js");
      const labels = await label(folder, ({ name: _before, ...others }) => ({
        ...others,
        ...(name ? { name } : {}),
      }));
      const words = !name ? "has no name any more" : `is called ${name}`;
      tellLabels(folder, labels, json ? null : words);
    });
}

function addTag(runs: Command): void {
  runs
    .command("tag")
    .description("give a run or sweep tags")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("<tags...>", "words to find it by")
    .option("--remove", "take the tags away")
    .option("--json", "print the labels as JSON")
    .addHelpText("after", example("candor runs tag runs/default-0123456789 baseline"))
    .action(async (folder, tags, { remove, json }) => {
      const { label } = await import("../../runs/index.js");
      let lacking: string[] = [];
      const after = await label(folder, (labels) => {
        lacking = remove ? tags.filter((tag) => !labels.tags.includes(tag)) : [];
        const others = labels.tags.filter((tag) => !tags.includes(tag));
        return { ...labels, tags: remove ? others : [...others, ...new Set(tags)] };
      });
      const has = after.tags.length === 0 ? "has no tags" : `has the tags ${after.tags.join(", ")}`;
      const words = lacking.length === 0 ? has : `had no tag ${lacking.join(", ")}; it ${has}`;
      tellLabels(folder, after, json ? null : words);
    });
}

function addNote(runs: Command): void {
  runs
    .command("note")
    .description("write a note to a run or sweep; without a text, print the one it has")
    .argument("<folder>", "the run's or sweep's folder")
    .argument("[text]", "the note; empty takes it away")
    .option("--json", "print the labels as JSON")
    .addHelpText("after", example('candor runs note runs/default-0123456789 "seed 3 collapsed; see the log"'))
    .action(async (folder, text, { json }) => {
      const { label, labelsIn } = await import("../../runs/index.js");
      const labels =
        text === undefined
          ? await labelsIn(folder)
          : await label(folder, ({ note: _before, ...others }) => ({
              ...others,
              ...(text === "" ? {} : { note: text }),
            }));
      if (text === undefined && !json) return say(`${labels.note ?? "no note"}\n`);
      tellLabels(folder, labels, json ? null : text === "" ? "has no note any more" : "has the note");
    });
}

function addArchive(runs: Command): void {
  runs
    .command("archive")
    .description("leave runs or sweeps out of lists; nothing is deleted")
    .argument("<folders...>", "their folders")
    .option("--undo", "list them again")
    .option("--json", "print the labels as JSON")
    .addHelpText("after", example("candor runs archive runs/default-0123456789"))
    .action(async (folders, { undo, json }) => {
      const { label } = await import("../../runs/index.js");
      for (const folder of folders) {
        const labels = await label(folder, ({ archived: _before, ...others }) => ({
          ...others,
          ...(undo ? {} : { archived: true as const }),
        }));
        tellLabels(folder, labels, json ? null : `is ${undo ? "listed again" : "archived"}`);
      }
    });
}

function addDelete(runs: Command, signal: AbortSignal): void {
  runs
    .command("delete")
    .description(
      "delete runs or sweeps with all that they hold, for good; a folder that holds anything else is refused",
    )
    .argument("<folders...>", "their folders")
    .option("--yes", "do it without asking")
    .option("--json", "print what was deleted as JSON")
    .addHelpText("after", example("candor runs delete runs/default-0123456789"))
    .action(async (folders, { yes, json }) => {
      const { deleteRun, doomedIn } = await import("../../runs/index.js");
      const { sizeWords } = await import("../results/runs.js");
      // All are looked at before any is deleted.
      const doomed = [];
      for (const folder of folders) doomed.push({ folder, ...(await doomedIn(folder)) });
      const what = doomed.map(
        ({ folder, files, bytes }) => `${folder} (${counted(files, "file")}, ${sizeWords(bytes)})`,
      );
      if (!yes) await confirmed(`Delete ${what.join(", ")} for good?`, signal);
      const deleted = [];
      for (const { folder } of doomed) {
        const { files, bytes } = await deleteRun(folder);
        deleted.push({ folder, files, bytes });
        if (!json) say(`${folder} is deleted\n`);
      }
      if (json) say(`${JSON.stringify({ deleted }, null, 2)}\n`);
    });
}

/** What became of a folder's labels: in words, or (null) as JSON. */
function tellLabels(folder: string, labels: Labels, words: string | null): void {
  say(words === null ? `${JSON.stringify({ folder, ...labels })}\n` : `${folder} ${words}\n`);
}

/** Asks the person; throws a UserError unless the answer is yes, or where there is nobody to ask. */
async function confirmed(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError(`${question} Nobody is there to say so; add --yes if that is meant`);
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${harmless(question)} [y/N] `, { signal });
    if (!/^y(?:es)?$/iu.test(answer.trim())) throw new UserError("nothing was deleted");
  } finally {
    terminal.close();
  }
}

/** `candor runs lst` asks for the list of a folder lst; with more words behind it, for no list at all. */
function refuseMistyped(folder: string, commands: readonly { name: () => string }[], words: number): void {
  if (existsSync(folder) || folder === "runs") return;
  const names = commands.map((command) => command.name());
  if (words > 1 || nearest(folder, names) !== null)
    throw new UserError(
      `${folder}: neither a folder nor a command of candor runs${didYouMean(folder, names)}`,
    );
}
