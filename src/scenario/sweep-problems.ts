import { check, checkedPart, dotted, type Problem } from "../yaml/index.js";
import { type Cases, caseProblems, isFixed, signature } from "./case-problems.js";
import { type AxisValue, isFieldPath, withField, withFields } from "./fields.js";
import { ruleProblems } from "./rules.js";
import { scenarioSchema } from "./schema.js";
import { combinations } from "./sweep.js";

/**
 * Problems that only some cells of the sweep have, placed at the case or the value in `sweep.vary` that causes them. `known`
 * are the problems that the scenario has anyway.
 */
export function sweepProblems(value: unknown, scenarioPath: string, known: readonly Problem[]): Problem[] {
  const cases = checkedPart(scenarioSchema, value, ["sweep", "cases"]) as Cases | undefined;
  if (cases === undefined || typeof value !== "object" || value === null)
    return varyProblems(value, scenarioPath, known);
  const own = caseProblems(value, cases, scenarioPath, known);
  if (own.length > 0) return own;
  const inCases = Object.entries(cases).flatMap(([name, fields]) =>
    varyProblems(withFields(value, fields), scenarioPath, known).map((problem) => ({ name, problem })),
  );
  // A value that is wrong in every case is wrong by itself.
  const everywhere = (problem: Problem) =>
    inCases.filter((other) => signature(other.problem) === signature(problem)).length ===
    Object.keys(cases).length;
  return unique(
    inCases.map(({ name, problem }) =>
      everywhere(problem) ? problem : { ...problem, message: `${problem.message} (in the case ${name})` },
    ),
  );
}

function varyProblems(value: unknown, scenarioPath: string, known: readonly Problem[]): Problem[] {
  const vary = checkedPart(scenarioSchema, value, ["sweep", "vary"]) as
    | Record<string, AxisValue[]>
    | undefined;
  if (vary === undefined || typeof value !== "object" || value === null) return [];
  const axes = Object.entries(vary);
  const malformed = axes.flatMap(([path, values]) => axisProblems(value, path, values));
  if (malformed.length > 0) return malformed;

  const familiar = new Set(known.map(signature));
  const cellProblems = (cell: Record<string, AxisValue>, schema = check): Problem[] => {
    const varied = withFields(value, cell);
    return [...schema(scenarioSchema, varied).problems, ...ruleProblems(varied, scenarioPath)]
      .filter((problem) => !familiar.has(signature(problem)))
      .map((problem) => placed(problem, cell, vary));
  };
  const single = axes.flatMap(([path, values]) => values.flatMap((field) => cellProblems({ [path]: field })));
  // A bad value spoils every combination it is in: report combinations only where each value is fine by itself.
  // The schema knows each field by itself and has nothing to add to them, which spares grids of thousands a lot of time.
  if (single.length > 0 || axes.length < 2) return single;
  return unique(combinations(vary).flatMap((cell) => cellProblems(cell, nothing)));
}

const nothing: typeof check = () => ({ data: undefined, problems: [] });

function axisProblems(scenario: object, path: string, values: AxisValue[]): Problem[] {
  const key = (message: string): Problem[] => [{ path: ["sweep", "vary", path], message, at: "key" }];
  if (!isFieldPath(path)) return key("expected a dotted field path such as population.personas.biased");
  if (path === "seed") return key("seeds are not varied here; write sweep.seeds: n");
  if (isFixed(path)) return key(`${path} cannot be varied`);
  try {
    withField(scenario, path, values[0]);
  } catch (error) {
    return key((error as Error).message);
  }
  const repeated = values.findIndex((value, index) => values.indexOf(value) < index);
  if (repeated < 0) return [];
  return [
    {
      path: ["sweep", "vary", path, repeated],
      message: `${values[repeated]} stands here twice`,
      at: "value",
    },
  ];
}

function placed(
  problem: Problem,
  cell: Record<string, AxisValue>,
  vary: Record<string, AxisValue[]>,
): Problem {
  const field = dotted(problem.path);
  const within = (path: string): boolean =>
    `${field}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${field}.`);
  const axis = Object.keys(cell).findLast(within) ?? Object.keys(cell).at(-1)!;
  const others = Object.entries(cell).filter(([path]) => path !== axis);
  const context =
    others.length === 0 ? "" : ` (with ${others.map(([path, value]) => `${path}: ${value}`).join(", ")})`;
  const message = axis === field ? problem.message : `${field}: ${problem.message}`;
  const index = vary[axis]!.indexOf(cell[axis]!);
  return {
    path: problem.at === "key" && axis === field ? ["sweep", "vary", axis] : ["sweep", "vary", axis, index],
    message: message + context,
    at: problem.at === "key" && axis === field ? "key" : "value",
  };
}

function unique(problems: Problem[]): Problem[] {
  const bySignature = new Map(problems.map((problem) => [signature(problem), problem]));
  return [...bySignature.values()];
}
