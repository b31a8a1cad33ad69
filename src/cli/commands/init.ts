import { lstatSync } from "node:fs";
import { dirname, extname } from "node:path";
import { asCalled, called } from "../../called.js";
import { UserError } from "../../errors.js";
import { listed } from "../../listed.js";
import { shellWord } from "../../shell-word.js";
import { makeWithParentsSync, notWritten, writeWholeSync } from "../../whole/index.js";
import { example, type RegisterCommand } from "../command.js";
import { say } from "../say.js";
import { fillScaffold, scaffolds, starterScenario } from "../scaffolds.js";

export const registerInit: RegisterCommand = (program) => {
  const command = program
    .command("init")
    .description("write a commented file to start from: a scenario, or a part of your own for one")
    .argument(
      "[file]",
      "where to (default: scenario.yaml, or a name in the part's usual folder); an existing file is never overwritten",
    )
    .option("--scenario", "a scenario (also if nothing is said)")
    .addHelpText(
      "after",
      example(
        "candor init my-study.yaml",
        "candor sweep my-study.yaml",
        "candor init skeptic --persona          # writes personas/skeptic.yaml",
        "candor check personas/skeptic.yaml",
      ),
    );
  for (const { kind, what } of scaffolds) command.option(`--${kind}`, what);
  command.action(async (file, options) => {
    const wanted = scaffolds.filter(({ kind }) => (options as Record<string, unknown>)[kind] === true);
    if (wanted.length + (options.scenario ? 1 : 0) > 1)
      throw new UserError("init writes one file at a time; name one kind");
    const [scaffold] = wanted;
    if (scaffold === undefined) {
      const path = named(file ?? "scenario.yaml");
      await requireNew(path);
      write(path, starterScenario(path), { makeFolder: false });
      const word = shellWord(path);
      say(
        `wrote ${path}\nall runs of its grid, with no, 10 % and 50 % biased users: ${called()} sweep ${word}\none of them, without biased users: ${called()} run ${word}\none with half of them biased: ${called()} run ${word} --set population.personas.biased=0.5\n`,
      );
      return;
    }
    const { files, shown } = fillScaffold(scaffold, file);
    for (const one of files) await requireNew(one.file);
    for (const one of files) write(one.file, one.text);
    const [first, ...others] = files.map((one) => one.file);
    say(
      `wrote ${listed([first!, ...others])}; ${others.length === 0 ? "it" : first} says how to use it\ncheck that it is right: ${asCalled(scaffold.check(shellWord(shown)))}\n`,
    );
  });
};

/** Every command takes a scenario by its file's whole name. */
const named = (path: string): string => (extname(path) === "" ? `${path}.yaml` : path);

async function requireNew(file: string): Promise<void> {
  const { requireOutsideOfRuns } = await import("../../runs/index.js");
  // A link that leads nowhere stands there too.
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw new UserError(`${file} exists already; name another file`);
  requireOutsideOfRuns(file, { option: "init <file>" });
}

function write(file: string, text: string, { makeFolder = true } = {}): void {
  if (makeFolder) makeWithParentsSync(dirname(file));
  try {
    writeWholeSync(file, text);
  } catch (error) {
    throw notWritten(file, error, { advice: "name another file" });
  }
}
