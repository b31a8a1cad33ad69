import { Command, InvalidArgumentError, type Option } from "@commander-js/extra-typings";
import { asCalled, called, ownPath } from "../called.js";
import { packageVersion } from "../package-root.js";
import { didYouMean } from "../yaml/index.js";
import type { Invocation } from "./command.js";
import { commands } from "./commands/index.js";
import { exitCode, reportFailure } from "./exit.js";
import { collect } from "./parsers.js";
import { addPermissions } from "./permissions.js";
import { tell } from "./say.js";

/** Commands that keep what they have done: given again they go on. */
const GOES_ON: ReadonlySet<string> = new Set(["run", "sweep", "cells", "worker", "generate", "up"]);

/** Runs one command line (without node and script) and returns its exit code; see `exit.ts`. Never throws. */
export async function runCommandLine(args: readonly string[], context: Invocation): Promise<number> {
  let goesOn = false;
  try {
    const gentle = new Set<Below>();
    const program = buildProgram(context, gentle);
    program.hook("preAction", (_program, command) => {
      goesOn = GOES_ON.has(command.name());
      if (gentle.has(command)) context.onGentle?.();
    });
    await program.parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    return reportFailure(error, context.signal, tell, goesOn);
  }
}

/** The whole command line, with nothing run yet. Commands that look at the signal are added to `gentle`. */
export function buildProgram(context: Invocation, gentle: Set<Below> = new Set()): Command {
  const program = new Command("candor")
    .description("Measures how an assistant's honesty drifts when it learns from its users.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeErr: tell, outputError: (text) => tell(inOneSentence(text)) })
    .showHelpAfterError(`(${called()} --help lists the commands)`)
    .addHelpText(
      "after",
      `\nBegin with ${called()} init and ${called()} run. The guides begin at ${ownPath("docs/README.md")}.` +
        "\n\nExit codes: 0 done, 1 failed, 2 wrong usage or invalid file, 3 check-drift does not pass, 130 interrupted (the same run or sweep goes on).",
    );
  const permissions = addPermissions(program);
  for (const register of commands) {
    const before = new Set(commandsBelow(program));
    let looks = false;
    register(program, {
      permissions,
      get signal() {
        looks = true;
        return context.signal;
      },
    });
    if (looks) for (const command of commandsBelow(program)) if (!before.has(command)) gentle.add(command);
  }
  for (const command of [program, ...commandsBelow(program)])
    for (const option of command.options) if (option.argChoices) suggestChoice(option);
  for (const command of commandsBelow(program)) {
    requireLate(command);
    takeOnce(command);
    command.showHelpAfterError(`(${asCalled(pathOf(command))} --help shows how)`);
  }
  return program;
}

type Below = Command["commands"][number];

/** An error of the parser's as we write ours. */
function inOneSentence(text: string): string {
  return text
    .replace(/^error: /u, "candor: ")
    .replace(/ is invalid\. (?=[a-z])/u, ": ")
    .replace(
      /(Expected [1-9]\d* arguments? but got \d+)\./u,
      "$1; a pattern such as runs/name-* stands for all folders that it fits: name one.",
    );
}

/** Every command of a program, and every command of those. */
function commandsBelow({ commands }: Pick<Below, "commands">): readonly Below[] {
  return commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

/** A command as it is given, from the program's name on. */
function pathOf(command: Pick<Below, "name" | "parent">): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Of an option that takes one value the last would count without a word. */
function takeOnce(command: Below): void {
  for (const option of command.options) {
    if (option.isBoolean() || option.variadic || option.parseArg === collect) continue;
    let first: string | undefined;
    command.on(`option:${option.name()}`, (given: string | null) => {
      const value = given ?? "without a value";
      if (first !== undefined)
        command.error(
          `error: option '${option.flags}' stands there twice, ${first} and ${value}; give one of them`,
        );
      first = value;
    });
  }
}

/** A required option is asked for once all others are read: else a mistyped one is told as missing, not by its name. */
function requireLate(command: Below): void {
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.mandatory = false;
  command.hook("preAction", (_command, called) => {
    const missing = required.find((option) => called.getOptionValue(option.attributeName()) === undefined);
    if (missing) called.error(`error: required option '${missing.flags}' not specified`);
  });
}

/** A value that is none of an option's choices is told with the nearest, as everywhere else. */
function suggestChoice(option: Option): void {
  const choices = option.argChoices!;
  option.argParser((text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(`no such choice${didYouMean(text, choices)}`);
  });
}
