import { type Command, Option } from "@commander-js/extra-typings";
import { allowPaths } from "../inside.js";
import { allowKeys } from "../keys.js";
import { allowModules } from "../modules.js";

/** What a stranger's file may not do unless the person says so, and what saying so does. */
const PERMISSIONS = [
  {
    option: new Option("--allow-modules", "let scenarios and models run code and programs that they name"),
    allow: allowModules,
  },
  {
    option: new Option("--allow-paths", "let scenarios and adapters name files and folders anywhere"),
    allow: allowPaths,
  },
  {
    option: new Option(
      "--allow-keys",
      "let scenarios send keys to servers of their choice, beyond this machine's and the key's own",
    ),
    allow: allowKeys,
  },
];

/** Lets every command take the permissions, before or after its name; help shows them last, as few need them. */
export function addPermissions(program: Command): void {
  for (const { option } of PERMISSIONS) program.addOption(option.hideHelp());
  program.hook("preAction", (_program, command) => {
    const given = command.optsWithGlobals() as Record<string, unknown>;
    for (const { option, allow } of PERMISSIONS) if (given[option.attributeName()] === true) allow();
  });
  program.addHelpText("afterAll", ({ command }) => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: process.stdout.columns });
    const width = Math.max(...PERMISSIONS.map(({ option }) => option.flags.length));
    const lines = PERMISSIONS.map(({ option }) =>
      help.formatItem(option.flags, width, option.description, help),
    );
    return `\nPermissions, with any command:\n${lines.join("\n")}`;
  });
}
