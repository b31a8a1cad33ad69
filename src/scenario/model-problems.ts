import { fieldProblems, modelSchema } from "../models/providers/index.js";
import { type Problem, partAt } from "../yaml/index.js";

/** Fields of models that those models do not take, wherever a scenario names a model. Takes the value as written. */
export function modelProblems(value: unknown): Problem[] {
  const models = partAt(value, ["models"]);
  const defences = partAt(value, ["preference", "defences"]);
  return [
    ...entriesOf(models).map(([role, spec]) => ({ path: ["models", role], spec })),
    ...entriesOf(defences).map(([index, one]) => ({
      path: ["preference", "defences", index, "judge"],
      spec: partAt(one, ["judge"]),
    })),
  ].flatMap(({ path, spec }): Problem[] => {
    const parsed = modelSchema.safeParse(spec);
    if (!parsed.success) return [];
    return fieldProblems(parsed.data).map(({ field, message }) => ({
      path: [...path, field],
      message,
      at: "key",
    }));
  });
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
