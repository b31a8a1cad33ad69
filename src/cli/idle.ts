import type { Command } from "@commander-js/extra-typings";
import { UserError } from "../errors.js";

/** Throws a UserError where one of these options was given though it could do nothing; `why` follows its name. */
export function refuseIdle(
  command: Pick<Command, "options" | "getOptionValueSource">,
  names: readonly string[],
  why: string,
): void {
  const idle = command.options.find(
    (option) =>
      names.includes(option.long ?? "") && command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (idle) throw new UserError(`${idle.long}: ${why}`);
}
