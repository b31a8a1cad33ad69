import { check, dotted, type Problem, partAt } from "../yaml/index.js";
import { fieldsIn, isFieldPath, withField, withFields } from "./fields.js";
import { type Origin, ruleProblems } from "./rules.js";
import { scenarioSchema } from "./schema.js";
import { scenarioHash } from "./sweep.js";

/** Case name to the fields it sets. */
export type Cases = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Fields that a sweep sets itself or that change nothing. */
const fixed = new Set(["name", "description", "seed", "sweep"]);

export function isFixed(path: string): boolean {
  return fixed.has(path.split(".")[0]!);
}

export function signature(problem: Problem): string {
  return `${dotted(problem.path)}: ${problem.message}`;
}

/** Problems that the cases of a sweep bring, each placed at the field that brings it. */
export function caseProblems(
  scenario: object,
  cases: Cases,
  origin: Origin,
  known: readonly Problem[],
): Problem[] {
  const at = (...path: string[]) => ["sweep", "cases", ...path];
  if (Object.keys(cases).length === 0)
    return [{ path: at(), message: "name at least one case, or leave cases out", at: "key" }];
  const malformed = Object.entries(cases).flatMap(([name, fields]) =>
    Object.entries(fields).flatMap(([path, field]): Problem[] => {
      const message = pathProblem(scenario, path, field) ?? nestedProblem(path, fields);
      return message === null ? [] : [{ path: at(name, path), message, at: "key" }];
    }),
  );
  if (malformed.length > 0) return malformed;
  const familiar = new Set(known.map(signature));
  const problems = Object.entries(cases).flatMap(([name, fields]) => {
    const varied = withFields(scenario, fields);
    return [...check(scenarioSchema, varied).problems, ...ruleProblems(varied, origin)]
      .filter((problem) => !familiar.has(signature(problem)))
      .map((problem): Problem => {
        const field = dotted(problem.path);
        const cause = Object.keys(fields).find((path) => within(field, path) || within(path, field));
        const message = cause === field ? problem.message : `${field}: ${problem.message}`;
        return { path: cause === undefined ? at(name) : at(name, cause), message, at: problem.at };
      });
  });
  return problems.length > 0 ? problems : sameProblems(scenario, cases);
}

function pathProblem(scenario: object, path: string, field: unknown): string | null {
  if (!isFieldPath(path)) return "expected a dotted field path such as preference.top";
  if (isFixed(path)) return `${path} cannot differ between cases`;
  // As it stands in the file: null where nothing follows the colon.
  const vary = partAt(scenario, ["sweep", "vary"]);
  const varied = Object.keys(fieldsIn(vary)).find((axis) => within(axis, path) || within(path, axis));
  if (varied !== undefined) return `sweep.vary sets ${varied} too; leave it to one of them`;
  try {
    withField(scenario, path, field);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Of two fields one of which is a part of the other, one would be lost. */
function nestedProblem(path: string, fields: object): string | null {
  const outer = Object.keys(fields).find((other) => other !== path && within(path, other));
  return outer === undefined ? null : `lies within ${outer}, which stands here too; write it there`;
}

/** Two cases that compute the same would share a run folder. */
function sameProblems(scenario: object, cases: Cases): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(cases).flatMap(([name, fields]): Problem[] => {
    const { data } = check(scenarioSchema, withFields(scenario, fields));
    if (data === undefined) return [];
    const hash = scenarioHash(data);
    const twin = seen.get(hash);
    seen.set(hash, name);
    if (twin === undefined) return [];
    return [{ path: ["sweep", "cases", name], message: `is the same as the case ${twin}`, at: "key" }];
  });
}

function within(inner: string, outer: string): boolean {
  return `${inner}.`.startsWith(`${outer}.`);
}
