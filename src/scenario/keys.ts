import { maySendKey, type Permissions } from "../permissions/index.js";
import type { Problem } from "../yaml/index.js";

/**
 * Keys that a scenario would send to hosts of its choice: what a stranger wrote must not carry the user's keys away. Takes
 * the value as written and looks at every model, wherever one is named; a sweep's axes and cases are looked at with their
 * values in place, cell by cell.
 */
export function keyProblems(value: unknown, permissions: Permissions): Problem[] {
  const { sweep: _sweep, ...fields } = (value ?? {}) as Record<string, unknown>;
  return keyedModels(fields, []).flatMap(({ path, variable, address }) =>
    maySendKey(permissions, variable, address)
      ? []
      : [
          {
            path,
            message: `${what(variable)} would be sent to ${new URL(address).host}; add --allow-keys (or set CANDOR_ALLOW_KEYS=1) if you trust the scenario and that host`,
            at: "value",
          },
        ],
  );
}

/** PATH and HOME are no keys: to call them so would hide what is asked for. */
function what(variable: string): string {
  return /KEY|TOKEN/iu.test(variable) ? `the key in ${variable}` : `what is in ${variable}`;
}

type Keyed = { path: Problem["path"]; variable: string; address: string };

function keyedModels(value: unknown, path: Problem["path"]): Keyed[] {
  if (typeof value !== "object" || value === null) return [];
  const { api_key_env: variable, base_url: addresses } = value as Record<string, unknown>;
  const own = addressesAt(addresses, [...path, "base_url"]).flatMap((one) =>
    typeof variable === "string" && URL.canParse(one.address) ? [{ ...one, variable }] : [],
  );
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...own, ...parts.flatMap(([step, part]) => keyedModels(part, [...path, step]))];
}

/** The addresses in a field that holds one or a list of them, each with its place. */
function addressesAt(value: unknown, path: Problem["path"]): Omit<Keyed, "variable">[] {
  if (typeof value === "string") return [{ path, address: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((one, index) => addressesAt(one, [...path, index]));
}
