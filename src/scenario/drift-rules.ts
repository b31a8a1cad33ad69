import { checkedPart, didYouMean, type Problem, partAt } from "../yaml/index.js";
import { scenarioSchema } from "./schema.js";

/** A declared comparison must be one that the sweep makes. */
export function driftProblems(value: unknown): Problem[] {
  const primary = checkedPart(scenarioSchema, value, ["drift", "primary"]);
  const sweep = checkedPart(scenarioSchema, value, ["sweep"]);
  if (!primary || !sweep) return [];
  const axes: Record<string, readonly unknown[]> = {
    ...sweep.vary,
    ...(sweep.cases ? { case: Object.keys(sweep.cases) } : {}),
  };
  const values = axes[primary.axis];
  const path = ["drift", "primary"];
  const rounds = checkedPart(scenarioSchema, value, ["rounds"]);
  if (primary.round !== undefined && rounds !== undefined && !axes.rounds && primary.round > rounds)
    return [
      {
        path: [...path, "round"],
        message: `round ${primary.round} is never played: rounds is ${rounds}`,
        at: "value",
      },
    ];
  if (!values) {
    const names = Object.keys(axes);
    const known = names.length === 0 ? "the sweep varies nothing" : `the sweep varies ${names.join(", ")}`;
    const written = partAt(value, [...path, "axis"]);
    return [
      {
        path: written === undefined ? path : [...path, "axis"],
        message: `${primary.axis} is no axis of the sweep${didYouMean(primary.axis, names)}; ${known}`,
        at: "value",
      },
    ];
  }
  return (["value", "reference"] as const)
    .filter((name) => !values.includes(primary[name]))
    .map((name): Problem => {
      const written = partAt(value, [...path, name]);
      return {
        path: written === undefined ? path : [...path, name],
        message: `${name} ${JSON.stringify(primary[name])} is not among the values of ${primary.axis}: ${values.join(", ")}`,
        at: "value",
      };
    });
}
