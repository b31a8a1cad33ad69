import { z } from "zod";
import { InputError } from "./errors.js";
import { moduleFiles } from "./module-files.js";
import { check, dotted, nearest, type Problem } from "./yaml/index.js";

/** What a scenario may give a module under names of the module's own. */
export type Options = Readonly<Record<string, unknown>>;

/** Options that a module does not take: `refused` says where among them. Whoever knows the scenario's line says it. */
export class OptionsRefused extends InputError {
  override name = "OptionsRefused";

  constructor(
    readonly refused: readonly Problem[],
    where: string,
  ) {
    super(
      refused.map(({ path, message }) => ({
        what: `${where}: ${dotted(["options", ...path])}: ${message}`,
      })),
    );
  }
}

/**
 * Options as a module takes them: by the schema that it exports, with that schema's defaults; or else as they are, if its code speaks
 * of each. An option that nothing reads would be passed over in silence. Throws OptionsRefused with all that is wrong.
 */
export function takenOptions(
  { file, schema, where }: { file: string; schema: unknown; where: string },
  given: Options | undefined,
): Options | undefined {
  const known = schemaOf(schema);
  const { data, problems } = known
    ? check(known, given ?? {})
    : { data: given, problems: unread(file, given) };
  if (problems.length > 0) throw new OptionsRefused(problems, where);
  return data;
}

/** Options that a module can be tried with: its schema's defaults, if it has any. */
export const triedOptions = (schema: unknown): Options => schemaOf(schema)?.safeParse({}).data ?? {};

/** A schema is whatever parses as zod's do: a module may bring its own copy. */
const schemaSchema = z.custom<z.ZodType<Options>>(
  (schema) => typeof (schema as Partial<z.ZodType> | null)?.safeParse === "function",
);

const schemaOf = (exported: unknown): z.ZodType<Options> | undefined => schemaSchema.safeParse(exported).data;

/** Options whose names stand nowhere in a module's code, nor in that of its own files which it imports. */
function unread(file: string, given: Options | undefined): Problem[] {
  const names = Object.keys(given ?? {});
  if (names.length === 0) return [];
  const texts = [...moduleFiles(file, MOST_FILES).values()];
  const words = new Set([...texts.flatMap(likely), ...texts.flatMap(wordsOf)]);
  return names
    .filter((name) => !words.has(name))
    .map((name) => {
      const near = nearest(name, [...words]);
      const meant = near === null ? "" : `; did you mean "${near}"?`;
      return {
        path: [name],
        message: `unknown option: nothing in the module's code has that name${meant} (a module that hands its options on says which it takes: export const options = z.looseObject({ … }))`,
        at: "key",
      };
    });
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}_$][\p{L}\p{N}_$-]*/gu) ?? [];

/** Words that code takes out of something, of which one is meant sooner than others that are as near. */
const likely = (text: string): string[] =>
  [...text.matchAll(/options\??\.([\p{L}_$][\p{L}\p{N}_$]*)|\(\s*\{([^}]*)\}/gu)].flatMap(
    ([, field, fields]) => wordsOf(field ?? fields ?? ""),
  );

/** Files of one module: more than that is a library, whose options nobody reads off its words. */
const MOST_FILES = 50;
