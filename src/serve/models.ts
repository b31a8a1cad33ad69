import { nearest } from "../yaml/index.js";
import type { Engine } from "./engine.js";
import { ApiError } from "./errors.js";

/** A model under the name that clients ask for. */
export type ServedModel = { id: string; engine: Engine };
export type ServedModels = ReadonlyMap<string, ServedModel>;

/** What the handlers work with. `onError` is told of failures that are not the client's. */
export type Serving = { models: ServedModels; onError: (error: unknown) => void };

/** The model of that name. Throws ApiError with the nearest one that is served. */
export function findModel(models: ServedModels, id: string): ServedModel {
  const found = models.get(id);
  if (found) return found;
  const names = [...models.keys()];
  const near = nearest(id, names);
  throw new ApiError(
    `the model "${id}" is not served here${near ? `; did you mean "${near}"?` : ""} (served: ${names.join(", ")})`,
    { status: 404, param: "model", code: "model_not_found" },
  );
}

/** A model as `/v1/models` shows it. */
export function describeModel({ id }: ServedModel): Record<string, unknown> {
  return { id, object: "model", created: 0, owned_by: "candor" };
}
