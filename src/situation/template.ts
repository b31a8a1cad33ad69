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
    // The library trips over one that breaks off.
    const why = error instanceof TypeError ? "it breaks off" : (error as Error).message;
    return `not a valid template: ${why}`;
  }
  const names = {
    used: new Set<string>(),
    made: new Set(["loop", "range", "namespace", "true", "false", "none"]),
  };
  collect(template.parsed, names);
  const unknown = [...names.used].find((name) => !names.made.has(name) && !variables.includes(name));
  return unknown === undefined ? null : `unknown variable "${unknown}"${didYouMean(unknown, variables)}`;
}

/**
 * The variables that a template tells, and of each whether the template says how it reads without it: whether it stands inside
 * `{% if variable %}` wherever it is used.
 */
export function variablesOf(source: string): { name: string; optional: boolean }[] {
  const names: Names = { used: new Set(), made: new Set(), bare: new Set() };
  collect(new Template(source).parsed, names);
  return [...names.used].map((name) => ({ name, optional: !names.bare!.has(name) }));
}

type Names = {
  used: Set<string>;
  made: Set<string>;
  /** Those used where no `if` asks for them, if anybody wants to know. */
  bare?: Set<string>;
  /** Those that an enclosing `if` asks for. */
  asked?: ReadonlySet<string>;
};

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
  const { type, ...fields } = node as Record<string, unknown>;
  if (type === "Identifier") {
    const name = String(fields.value);
    names.used.add(name);
    if (!names.asked?.has(name)) names.bare?.add(name);
  }
  const asked = type === "If" ? variableOf(fields.test) : null;
  if (asked !== null) {
    names.used.add(asked);
    collect(fields.body, { ...names, asked: new Set([...(names.asked ?? []), asked]) });
    collect(fields.alternate, names);
    return;
  }
  for (const [field, value] of Object.entries(fields)) {
    if (notVariables.has(field) && type !== "ObjectLiteral") {
      // `x | filter(argument)`: the name is not a variable, the arguments are.
      if ((value as { type?: unknown } | null)?.type === "CallExpression") {
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

function variableOf(test: unknown): string | null {
  const { type, value } = test as { type?: unknown; value?: unknown };
  return type === "Identifier" ? String(value) : null;
}
