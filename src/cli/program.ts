import { Command } from "commander";
import { allowPaths } from "../inside.js";
import { allowKeys } from "../keys.js";
import { allowModules } from "../modules.js";
import { packageVersion } from "../package-root.js";
import type { CommandContext } from "./command.js";
import { commands } from "./commands/index.js";
import { exitCode, reportFailure } from "./exit.js";

/** Runs one command line (without node and script) and returns its exit code; see `exit.ts`. Never throws. */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    await buildProgram(context).parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    return reportFailure(error, context.signal, (text) => process.stderr.write(text));
  }
}

type Allowed = { allowModules?: boolean; allowPaths?: boolean; allowKeys?: boolean };

function buildProgram(context: CommandContext): Command {
  const program = new Command("candor")
    .description("Measures how an assistant's honesty drifts when it learns from its users.")
    .version(packageVersion())
    .option("--allow-modules", "let scenarios and models run code and programs that they name")
    .option("--allow-paths", "let scenarios and adapters name files and folders anywhere")
    .option(
      "--allow-keys",
      "let scenarios send keys to servers of their choice, beyond this machine's and the key's own",
    )
    .hook("preAction", (_program, command) => {
      const allowed = command.optsWithGlobals<Allowed>();
      if (allowed.allowModules) allowModules();
      if (allowed.allowPaths) allowPaths();
      if (allowed.allowKeys) allowKeys();
    })
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "candor: ")) })
    .showHelpAfterError("(candor --help lists commands and options)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 wrong usage or invalid file, 130 interrupted (the same command goes on).",
    );
  for (const register of commands) register(program, context);
  return program;
}
