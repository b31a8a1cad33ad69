import { secretsIn, shownAddress } from "../address.js";
import { masking } from "../mask.js";
import type { ModelInfo } from "./model-info.js";

/** Makes a message of what went wrong: whose model it was, and no key in it, as some servers repeat one in their complaint. */
export type Say = (what: string, address: string | null) => string;

export function sayer({
  name,
  baseUrl,
  addresses = baseUrl === null ? [] : [baseUrl],
  secrets = [],
}: ModelInfo): Say {
  const mask = masking([...secrets, ...addresses.flatMap(secretsIn)]);
  return (what, address) => {
    const where = address === null ? name : `${name} at ${shownAddress(address)}`;
    return `${where}: ${mask(what)}`;
  };
}
