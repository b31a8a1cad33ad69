import { z } from "zod";
import { didYouMean, nearest } from "./did-you-mean.js";
import { fieldNames } from "./fields.js";
import type { Path, Problem } from "./file.js";

/** Unknown fields that are compared with the known ones: each costs time, and a file with more of them is another kind of file. */
const MOST_SUGGESTED = 20;

type Issue = z.core.$ZodIssue;
type AnySchema = z.core.$ZodType;

/** What an issue says is wrong, in words a person can act on; `prefix` is the path of what the schema was given. */
export function explain(schema: AnySchema, issue: Issue, prefix: Path): Problem[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  const found = show(issue.input);
  const value = (message: string): Problem[] => [{ path, message, at: "value" }];
  if (isOwn(issue))
    return value(issue.message.startsWith("expected ") ? `${issue.message}, found ${found}` : issue.message);
  switch (issue.code) {
    case "unrecognized_keys": {
      const fields = fieldNames(schema, path, issue.input);
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        message: `unknown field${index < MOST_SUGGESTED ? suggestField(key, fields) : ""}`,
        at: "key",
      }));
    }
    case "invalid_union": {
      if ("discriminator" in issue && issue.discriminator !== undefined) {
        const found = (issue.input as Record<string, unknown>)[issue.discriminator];
        return noSuchKind(found, "options" in issue ? (issue.options as unknown[]).map(String) : [], path);
      }
      // The branch that got further than "wrong kind of thing" is the one that was meant.
      const meant = issue.errors.find((branch) => !branch.some((inner) => wrongKind(inner)));
      if (meant !== undefined) return meant.flatMap((inner) => explain(schema, inner, path));
      const kinds = [...new Set(issue.errors.flatMap((branch) => branch.map(expectation)))];
      if (issue.input === undefined)
        return [{ path, message: `missing; expected ${kinds.join(" or ")}`, at: "key" }];
      return value(`expected ${kinds.join(" or ")}, found ${found}`);
    }
    case "invalid_type":
    case "invalid_value": {
      if (issue.input === undefined)
        return [{ path, message: `missing; expected ${expectation(issue)}`, at: "key" }];
      return value(`expected ${expectation(issue)}, found ${found}${hint(issue)}`);
    }
    case "too_small":
    case "too_big":
      return value(`expected ${expectation(issue)}, found ${found}`);
    case "invalid_format":
    case "not_multiple_of":
      return value(`expected ${expectation(issue)}, found ${found}`);
    case "invalid_key":
      return issue.issues
        .flatMap((inner) => explain(schema, { ...inner, path: [] }, path))
        .map((problem) => ({
          ...problem,
          at: "key" as const,
        }));
    default:
      return value(
        issue.code === "custom" || issue.input === undefined
          ? issue.message
          : `${issue.message}, found ${found}`,
      );
  }
}

const usualWords = z.locales.en().localeError;

/** Whether the schema itself says what is wrong: it knows better. */
function isOwn(issue: Issue): boolean {
  if (issue.code === "custom" || issue.input === undefined) return false;
  const usual = usualWords(issue as Parameters<typeof usualWords>[0]);
  return issue.message !== (typeof usual === "string" ? usual : usual?.message);
}

/** What was meant by a value that is near to a right one. */
function hint(issue: Extract<Issue, { code: "invalid_type" | "invalid_value" }>): string {
  if (issue.code === "invalid_type")
    return issue.expected === "boolean" && typeof issue.input === "string" ? truthHint(issue.input) : "";
  if (typeof issue.input !== "string") return "";
  const near = nearest(issue.input, issue.values.map(String));
  return near === null ? "" : `; did you mean "${near}"?`;
}

/** What somebody who writes `yes` or `off` means: YAML 1.2 knows true and false alone. Empty for other words. */
export function truthHint(text: string): string {
  const word = text.trim().toLowerCase();
  if (/^(?:yes|on|true|y)$/u.test(word)) return "; write true";
  return /^(?:no|off|false|n|null|~)$/u.test(word) ? "; write false" : "";
}

/** Fields whose form hangs on one of them (`kind: ramp`), and that one is none of those known. */
function noSuchKind(found: unknown, options: readonly string[], path: Path): Problem[] {
  const expected = `expected one of ${options.map((option) => JSON.stringify(option)).join(", ")}`;
  if (found === undefined) return [{ path, message: `missing; ${expected}`, at: "key" }];
  const near = typeof found === "string" ? nearest(found, options) : null;
  const hint = near === null ? "" : `; did you mean "${near}"?`;
  return [{ path, message: `${expected}, found ${show(found)}${hint}`, at: "value" }];
}

function wrongKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

/** What would have been right: `a whole number`, `one of "sft", "kto"`, `at most 1`. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `${issue.values.length > 1 ? "one of " : ""}${issue.values.map((item) => JSON.stringify(item)).join(", ")}`;
    case "too_small":
      return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case "too_big":
      return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return issue.pattern === undefined ? `text of the form ${issue.format}` : `text like ${issue.pattern}`;
    default:
      return issue.message;
  }
}

const kinds: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "fields (name: value)",
  record: "fields (name: value)",
};

function unit(origin: string, count: number | bigint): string {
  const plural = Number(count) === 1 ? "" : "s";
  if (origin === "string") return ` character${plural}`;
  if (origin === "array") return ` item${plural}`;
  return "";
}

/** Many fields make a long list: with a near name at hand the rest would only distract. */
function suggestField(key: string, fields: readonly string[]): string {
  const near = nearest(key, fields);
  return near === null ? didYouMean(key, fields) : `; did you mean "${near}"?`;
}

/** As JSON; a module may export what has none, such as a function or an object that holds itself. */
function asText(value: unknown): string {
  if (typeof value === "function") return "a function";
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `some ${typeof value}`;
  }
}

/** A value as it stands in the file, cut short. */
function show(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
  const text = asText(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
