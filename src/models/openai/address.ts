import { keyIn } from "../../environment.js";
import { UserError } from "../../errors.js";
import type { ModelFields } from "../providers/schema.js";

/** The addresses of the servers, one or more. Throws a UserError where the fields name none. */
export function addressesOf({ model, base_url }: ModelFields): [string, ...string[]] {
  const [first, ...others] = [base_url ?? []].flat();
  if (first !== undefined && first !== "") return [first, ...others];
  throw new UserError(
    `${model} needs the address of its server: model: ${model}, base_url: http://localhost:8000/v1`,
  );
}

/** What may stand in a header (RFC 9110, section 5.5). */
const SENDABLE = /^[\x20-\x7E\xA0-\xFF]+$/;

/** The key in the variable that the fields name; null where they name none, as for local servers. */
export function apiKeyOf({ model, api_key_env: variable }: ModelFields): string | null {
  if (!variable) return null;
  const key = keyIn(variable);
  if (key && !SENDABLE.test(key))
    throw new UserError(`${model}: ${variable} (api_key_env) holds characters that no request can carry`);
  if (key) return key;
  throw new UserError(`${model}: the environment variable ${variable} (api_key_env) is not set`);
}
