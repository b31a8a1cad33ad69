import { type Command, Option } from "@commander-js/extra-typings";
import { allowedHere } from "../environment.js";
import { NOTHING, type Permissions, withMore } from "../permissions/index.js";

/** What a stranger's file may not do unless the person says so. */
const OPTIONS: Readonly<Record<keyof Permissions, Option>> = {
  modules: new Option("--allow-modules", "let scenarios and models run code and programs that they name"),
  paths: new Option("--allow-paths", "let scenarios and adapters name files and folders anywhere"),
  keys: new Option(
    "--allow-keys",
    "let scenarios send keys to servers of their choice, beyond this machine's and the key's own",
  ),
};

/**
 * Lets every command take the permissions, before or after its name; help shows them last, as few need them. What is returned
 * says which were given, here or in the environment, once the command line has been read.
 */
export function addPermissions(program: Command): () => Permissions {
  let permissions = NOTHING;
  for (const option of Object.values(OPTIONS)) program.addOption(option.hideHelp());
  program.hook("preAction", (_program, command) => {
    const given = command.optsWithGlobals() as Record<string, unknown>;
    const one = (name: keyof Permissions): boolean => given[OPTIONS[name].attributeName()] === true;
    const said = { paths: one("paths"), keys: one("keys"), modules: one("modules") };
    permissions = withMore(allowedHere(), said);
  });
  program.addHelpText("afterAll", ({ command }) => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: process.stdout.columns });
    const width = Math.max(...Object.values(OPTIONS).map(({ flags }) => flags.length));
    const lines = Object.values(OPTIONS).map(({ flags, description }) =>
      help.formatItem(flags, width, description, help),
    );
    return `\nPermissions, with any command:\n${lines.join("\n")}`;
  });
  return () => permissions;
}
