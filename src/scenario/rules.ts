import { methodOf } from "../methods/index.js";
import type { Permissions } from "../permissions/index.js";
import { checkedPart, didYouMean, type Problem, partAt } from "../yaml/index.js";
import { defenceProblems } from "./defence-rules.js";
import { dispositionProblems } from "./disposition-rules.js";
import { driftProblems } from "./drift-rules.js";
import { packFolder, packNames, personaFile, personaNames } from "./library.js";
import {
  choiceProblems,
  explainProblems,
  isInteraction,
  levelProblems,
  methodProblems,
  settingProblems,
} from "./method-rules.js";
import { modelProblems } from "./model-problems.js";
import { permissionProblems } from "./permitted.js";
import { type Fractions, fractionsAt } from "./schedule.js";
import { scenarioSchema } from "./schema.js";

/** Slack in sums of decimal fractions: enough for binary rounding, too little to hide a forgotten 0.001 %. */
const tolerance = 1e-6;

/** Where a scenario comes from, and what the user lets it do. */
export type Origin = { scenarioPath: string; permissions: Permissions };

/**
 * What a schema cannot say: names that must exist and numbers that must fit each other. Takes the value as written, so
 * that these problems are found even where other fields are wrong.
 */
export function ruleProblems(value: unknown, { scenarioPath, permissions }: Origin): Problem[] {
  return [
    ...sourceProblems(value),
    ...personaProblems(value, scenarioPath),
    ...fractionProblems(value, ["population", "personas"]),
    ...fractionProblems(value, ["population", "life", "mix"]),
    ...strangerProblems(value),
    ...selectionProblems(value),
    ...levelProblems(value),
    ...choiceProblems(value),
    ...explainProblems(value),
    ...methodProblems(value),
    ...settingProblems(value),
    ...defenceProblems(value),
    ...situationProblems(value, scenarioPath),
    ...modelProblems(value),
    ...permissionProblems(value, scenarioPath, permissions),
    ...driftProblems(value),
    ...dispositionProblems(value),
  ];
}

/** Where users make the rows, nobody is to be assumed. */
function sourceProblems(value: unknown): Problem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  if (!isInteraction(value) || (value as { population?: unknown }).population !== undefined) return [];
  const message = "expected who the users are, e.g. population: {personas: {benign: rest, biased: 0.1}}";
  return [{ path: ["population"], message, at: "key" }];
}

function personaProblems(value: unknown, scenarioPath: string): Problem[] {
  const personas = partAt(value, ["population", "personas"]);
  if (typeof personas !== "object" || personas === null) return [];
  return Object.keys(personas)
    .filter((name) => personaFile(name, scenarioPath) === null)
    .map((name) => ({
      path: ["population", "personas", name],
      message: `unknown persona "${name}"${didYouMean(name, personaNames(scenarioPath))}`,
      at: "key",
    }));
}

function fractionProblems(
  value: unknown,
  path: readonly ["population", "personas"] | readonly ["population", "life", "mix"],
): Problem[] {
  if (partAt(value, path) === undefined && path.at(-1) === "mix") return [];
  const personas = checkedPart(scenarioSchema, value, path);
  if (personas === undefined) return [];
  const problem = (message: string): Problem[] => [{ path, message, at: "key" }];
  const rests = Object.keys(personas).filter((name) => personas[name] === "rest");
  if (rests.length > 1)
    return problem(`only one persona may be rest, found ${rests.length}: ${rests.join(", ")}`);
  if (Object.keys(personas).length === 0) return problem("name at least one persona, e.g. benign: rest");
  const changing = Object.values(personas).some((schedule) => typeof schedule === "object");
  // Where no round is given (a mistake told elsewhere), the first ones stand for all.
  const rounds = checkedPart(scenarioSchema, value, ["rounds"]) ?? 1;
  for (let round = 1; round <= (changing ? rounds : 1); round += 1) {
    const message = sumProblem(fractionsAt(personas, round), rests[0]);
    if (message !== null) return problem(changing ? `in round ${round} ${message}` : message);
  }
  return [];
}

/** Persona names elsewhere must be among those of the population, whose files are loaded. */
function strangerProblems(value: unknown): Problem[] {
  const personas = partAt(value, ["population", "personas"]);
  if (typeof personas !== "object" || personas === null) return [];
  const known = Object.keys(personas);
  return [
    ["population", "behaviour"],
    ["population", "life", "mix"],
  ].flatMap((path) => {
    const named = partAt(value, path);
    if (typeof named !== "object" || named === null) return [];
    return Object.keys(named)
      .filter((name) => !known.includes(name))
      .map((name): Problem => {
        const message = `"${name}" is not among population.personas${didYouMean(name, known)}`;
        return { path: [...path, name], message, at: "key" };
      });
  });
}

function sumProblem(fractions: Fractions, rest: string | undefined): string | null {
  const sum = Object.values(fractions).reduce<number>(
    (total, part) => total + (part === "rest" ? 0 : part),
    0,
  );
  const shown = Number(sum.toFixed(6));
  if (rest !== undefined) {
    if (sum <= 1 + tolerance) return null;
    return `the fractions sum to ${shown}, which leaves nothing for ${rest}: rest; lower them to at most 1`;
  }
  if (Math.abs(sum - 1) <= tolerance) return null;
  return `the fractions sum to ${shown}, not 1; write rest for one of them to let it fill up`;
}

function selectionProblems(value: unknown): Problem[] {
  const size = checkedPart(scenarioSchema, value, ["population", "size"]);
  const method = methodOf(checkedPart(scenarioSchema, value, ["training", "method"]));
  const wanted = { top: 0, bottom: 0 };
  const problems: Problem[] = [];
  for (const end of ["top", "bottom"] as const) {
    const path = ["preference", end] as const;
    const amount = checkedPart(scenarioSchema, value, path);
    if (amount === undefined || size === undefined) continue;
    wanted[end] = amount <= 1 ? amount * size : amount;
    if (amount > 1 && !Number.isInteger(amount)) {
      problems.push({
        path,
        message: `above 1 this is a count of interactions: expected a whole number, found ${amount}`,
        at: "value",
      });
    } else if (amount > size) {
      problems.push({
        path,
        message: `${amount} interactions are more than the population of ${size}; lower it or raise population.size`,
        at: "value",
      });
    }
  }
  if (
    problems.length === 0 &&
    method?.from === "best and worst" &&
    wanted.top + wanted.bottom > size! * (1 + tolerance)
  ) {
    problems.push({
      path: ["preference"],
      message: `top and bottom together want ${Math.round(wanted.top + wanted.bottom)} of ${size} interactions, and ${method.name} may use none twice; lower one of them`,
      at: "key",
    });
  }
  return problems;
}

function situationProblems(value: unknown, scenarioPath: string): Problem[] {
  const path = ["situations"] as const;
  const name = checkedPart(scenarioSchema, value, path);
  if (name === undefined || packFolder(name, scenarioPath) !== null) return [];
  return [
    {
      path,
      message: `unknown situation pack "${name}"${didYouMean(name, packNames(scenarioPath))}`,
      at: "value",
    },
  ];
}
