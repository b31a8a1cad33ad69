import { UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";

const PLACE = /\{([a-z_]+)\}/g;

/**
 * A program's arguments with `{name}` replaced by its value. Each argument stays one argument whatever the value holds,
 * because no shell reads it. Throws a UserError on a name that has no value.
 */
export function fillIn(
  argv: readonly string[],
  values: Readonly<Record<string, string>>,
  where: string,
): string[] {
  return argv.map((argument) =>
    argument.replaceAll(PLACE, (_, name: string) => {
      if (Object.hasOwn(values, name)) return values[name]!;
      throw new UserError(
        `${where}: unknown place {${name}} in ${argument}${didYouMean(name, Object.keys(values))}`,
      );
    }),
  );
}

/** Whether any argument has the place. */
export function hasPlace(argv: readonly string[], name: string): boolean {
  return argv.some((argument) => argument.includes(`{${name}}`));
}
