import { Template } from "@huggingface/jinja";
import { didYouMean } from "../yaml/index.js";

/** Compiles a prompt template; the prompt is trimmed, because YAML blocks end in a line break. */
export function compileTemplate<V extends Record<string, unknown>>(source: string): (variables: V) => string {
  const template = new Template(source);
  return (variables) => template.render(variables).trim();
}

/**
 * Why a template cannot be used, or null. Jinja renders an unknown variable as nothing, which would quietly take, say,
 * the background out of every prompt: a misspelt name is a problem here.
 */
export function templateProblem(source: string, variables: readonly string[]): string | null {
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    return `not a valid template: ${(error as Error).message}`;
  }
  const names = {
    used: new Set<string>(),
    made: new Set(["loop", "range", "namespace", "true", "false", "none"]),
  };
  collect(template.parsed, names);
  const unknown = [...names.used].find((name) => !names.made.has(name) && !variables.includes(name));
  return unknown === undefined ? null : `unknown variable "${unknown}"${didYouMean(unknown, variables)}`;
}

type Names = { used: Set<string>; made: Set<string> };

/** Fields of syntax nodes whose identifiers are not variables: names of filters, tests, arguments. */
const notVariables = new Set(["filter", "test", "key"]);
/** Fields whose identifiers are made by the template itself: loop variables, `set`, macros and their arguments. */
const making = new Set(["loopvar", "assignee", "name", "args"]);

function collect(node: unknown, names: Names): void {
  if (node instanceof Map) {
    for (const [key, value] of node) [key, value].forEach((part) => void collect(part, names));
    return;
  }
  if (Array.isArray(node)) {
    for (const item of node) collect(item, names);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const { type, ...fields } = node as { type?: string } & Record<string, unknown>;
  if (type === "Identifier") names.used.add(String(fields.value));
  for (const [field, value] of Object.entries(fields)) {
    if (notVariables.has(field) && type !== "ObjectLiteral") {
      // `x | filter(argument)`: the name is not a variable, the arguments are.
      if ((value as { type?: string } | null)?.type === "CallExpression") {
        collect((value as { args?: unknown }).args, names);
      }
    } else if (type === "MemberExpression" && field === "property" && fields.computed !== true) {
      // `message.content`: a field, not a variable
    } else if (making.has(field) && (type === "For" || type === "Set" || type === "Macro")) {
      const inner: Names = { used: names.made, made: new Set() };
      collect(value, inner);
    } else {
      collect(value, names);
    }
  }
}
