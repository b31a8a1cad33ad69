import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { stringify } from "yaml";
import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";
import { example, type RegisterCommand } from "../command.js";

export const registerInit: RegisterCommand = (program) => {
  program
    .command("init")
    .description("write a commented scenario to start from")
    .argument("[file]", "where to; an existing file is never overwritten", "scenario.yaml")
    .addHelpText("after", example("candor init my-study.yaml", "candor sweep my-study.yaml"))
    .action((file) => {
      writeNew(file, starter(file));
      process.stdout.write(
        `wrote ${file}\nall runs of its grid: candor sweep ${file}\none of them: candor run ${file}\n`,
      );
    });
};

/** The shipped default, with a head and a name for this file. */
function starter(file: string): string {
  const stem = basename(file).replace(/\.ya?ml$/i, "");
  const name = stem.replace(/[^a-z0-9._-]+/gi, "-").replace(/^[^a-z0-9]+/i, "") || "scenario";
  const head = [
    "# yaml-language-server: $schema=scenario.schema.json",
    "# With that line and `candor schema > scenario.schema.json`, editors complete and check this file.",
    `# All runs of the grid: candor sweep ${file}. A single one, with the values below: candor run ${file}.`,
    "#",
  ];
  const text = readFileSync(packageFile("scenarios/default.yaml"), "utf8");
  // The default's own head ends at the first comment line that is empty.
  const body = text.slice(text.indexOf("\n#\n") + 3);
  return `${head.join("\n")}\n${body.replace(/^name: .*$/m, () => `name: ${stringify(name).trim()}`)}`;
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new UserError(`${file} exists already; name another file`);
    if (code === "ENOENT") throw new UserError(`${file}: its folder does not exist`);
    throw new UserError(`${file} cannot be written (${message})`);
  }
}
