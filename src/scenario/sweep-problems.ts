import { MOST } from "../limits.js";
import { check, checkedPart, dotted, type Problem } from "../yaml/index.js";
import { caseProblems, isFixed, signature } from "./case-problems.js";
import { type AxisValue, isFieldPath, withField, withFields } from "./fields.js";
import { type Origin, ruleProblems } from "./rules.js";
import { scenarioSchema } from "./schema.js";
import { combinations } from "./sweep.js";

/** So many problems of the scenario itself say enough: every cell of its grid would have them all again. */
const ENOUGH = 20;

/**
 * Problems that only some cells of the sweep have, placed at the case or the value in `sweep.vary` that causes them. `known`
 * are the problems that the scenario has anyway.
 */
export function sweepProblems(value: unknown, origin: Origin, known: readonly Problem[]): Problem[] {
  if (known.length > ENOUGH) return [];
  const many = sizeProblems(value);
  if (many.length > 0) return many;
  const cases = checkedPart(scenarioSchema, value, ["sweep", "cases"]);
  if (cases === undefined || typeof value !== "object" || value === null)
    return varyProblems(value, origin, known);
  const own = caseProblems(value, cases, origin, known);
  if (own.length > 0) return own;
  const inCases = Object.entries(cases).flatMap(([name, fields]) =>
    varyProblems(withFields(value, fields), origin, known).map((problem) => ({ name, problem })),
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

/** A grid with more runs than a sweep may have: told before any cell is made. */
function sizeProblems(value: unknown): Problem[] {
  const vary = checkedPart(scenarioSchema, value, ["sweep", "vary"]);
  const cases = checkedPart(scenarioSchema, value, ["sweep", "cases"]);
  const seeds = checkedPart(scenarioSchema, value, ["sweep", "seeds"]) ?? 1;
  const cells = Object.values(vary ?? {}).reduce((product, values) => product * values.length, 1);
  const runs = cells * Math.max(1, Object.keys(cases ?? {}).length) * seeds;
  if (runs <= MOST.runs) return [];
  const message = `asks for ${runs} runs, of which a sweep may have ${MOST.runs}; vary less, or in several sweeps`;
  return [{ path: ["sweep"], message, at: "key" }];
}

function varyProblems(value: unknown, origin: Origin, known: readonly Problem[]): Problem[] {
  const vary = checkedPart(scenarioSchema, value, ["sweep", "vary"]);
  if (vary === undefined || typeof value !== "object" || value === null) return [];
  const axes = Object.entries(vary);
  const malformed = axes.flatMap(([path, values]) => axisProblems(value, path, values));
  if (malformed.length > 0) return malformed;

  const familiar = new Set(known.map(signature));
  const cellProblems = (cell: Record<string, AxisValue>, bySchema = schemaProblems): Problem[] => {
    const varied = withFields(value, cell);
    return [...bySchema(varied), ...ruleProblems(varied, origin)]
      .filter((problem) => !familiar.has(signature(problem)))
      .map((problem) => placed(problem, cell, vary));
  };
  const single = axes.flatMap(([path, values]) => values.flatMap((field) => cellProblems({ [path]: field })));
  // A bad value spoils every combination it is in: report combinations only where each value is fine by itself.
  // The schema knows each field by itself and has nothing to add to them, which spares grids of thousands a lot of time.
  if (single.length > 0 || axes.length < 2) return single;
  return unique(combinations(vary).flatMap((cell) => cellProblems(cell, () => [])));
}

const schemaProblems = (value: unknown): Problem[] => check(scenarioSchema, value).problems;

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
  return alikeProblems(path, values);
}

/** Shares are shown in percent with one decimal, everything else as it is written. */
function labelOf(path: string, value: AxisValue): string {
  const isShare = path === "source.share" || /^population\.(?:personas|life\.mix)\.[^.]+$/u.test(path);
  return isShare && typeof value === "number" ? `${(value * 100).toFixed(1)} %` : String(value);
}

/** Values that tables, figures and reports would show alike: their cells could not be told apart. */
function alikeProblems(path: string, values: readonly AxisValue[]): Problem[] {
  const first = new Map<string, AxisValue>();
  for (const [index, value] of values.entries()) {
    const label = labelOf(path, value);
    const twin = first.get(label);
    if (twin === undefined) {
      first.set(label, value);
      continue;
    }
    const message =
      twin === value
        ? `${value} stands here twice`
        : `${JSON.stringify(value)} and ${JSON.stringify(twin)} are both shown as ${label}; leave one out, or move them further apart`;
    return [{ path: ["sweep", "vary", path, index], message, at: "value" }];
  }
  return [];
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
