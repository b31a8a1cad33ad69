import { Command } from "@commander-js/extra-typings";
import { packageVersion } from "../package-root.js";
import { called, ownPath } from "./called.js";
import type { Invocation } from "./command.js";
import { commands } from "./commands/index.js";
import { exitCode, reportFailure } from "./exit.js";
import { addPermissions } from "./permissions.js";
import { tell } from "./say.js";

/** Runs one command line (without node and script) and returns its exit code; see `exit.ts`. Never throws. */
export async function runCommandLine(args: readonly string[], context: Invocation): Promise<number> {
  try {
    await buildProgram(context).parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    return reportFailure(error, context.signal, tell);
  }
}

function buildProgram(context: Invocation): Command {
  const program = new Command("candor")
    .description("Measures how an assistant's honesty drifts when it learns from its users.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text) => tell(text.replace(/^error: /, "candor: ")) })
    .showHelpAfterError("(candor --help lists commands and options)")
    .addHelpText(
      "after",
      `\nBegin with ${called()} init and ${called()} run. The guides begin at ${ownPath("docs/README.md")}.` +
        "\n\nExit codes: 0 done, 1 failed, 2 wrong usage or invalid file, 3 check-drift does not pass, 130 interrupted (the same command goes on).",
    );
  const permissions = addPermissions(program);
  for (const register of commands) register(program, { ...context, permissions });
  return program;
}
