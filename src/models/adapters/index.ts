import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { OutsideFailed, UserError } from "../../errors.js";
import type { Permissions } from "../../permissions/index.js";
import { secretsIn } from "../address.js";
import { readFailure } from "../limits/index.js";
import { masking } from "../mask.js";
import type { ModelFields } from "../providers/schema.js";
import { serveByCommand } from "./command.js";
import type { Loaded, Served } from "./types.js";
import { loadIntoVllm } from "./vllm.js";

/**
 * Brings an adapter to a model's servers in the way that its fields name. Its name there is that of its weights
 * (`candor-<hash>`): new for every round, the same for the same adapter. Of several servers those that are not there are left out.
 * Throws a UserError where no way is named.
 */
export async function serveAdapter(
  folder: string,
  fields: ModelFields,
  { addresses, key }: { addresses: [string, ...string[]]; key: string | null },
  permissions: Permissions,
): Promise<Served> {
  const { adapters, model } = fields;
  if (!adapters)
    throw new UserError(
      `${model} cannot take an adapter: say how its server gets one: adapters: vllm, or a command with {adapter} and {name}`,
    );
  if (adapters !== "vllm" && addresses.length > 1)
    throw new UserError(`${model}: adapters by a command go with one base_url, not with a list`);
  const version = await hashFile(join(folder, "adapter_model.safetensors"));
  const request = { name: `candor-${version.slice(0, 12)}`, path: resolve(folder) };
  try {
    const loaded =
      adapters === "vllm"
        ? await loadInto(addresses, (address) => loadIntoVllm(request, { address, key }))
        : [await serveByCommand(adapters, request, { address: addresses[0], key }, permissions)];
    const [first, ...others] = loaded;
    return {
      name: first!.name,
      addresses: [first!.address, ...others.map(({ address }) => address)],
      version,
      release: async () => {
        await Promise.all(loaded.map(({ release }) => release()));
      },
    };
  } catch (error) {
    // Servers and programs may repeat the key that they were given.
    const mask = masking([...(key === null ? [] : [key]), ...addresses.flatMap(secretsIn)]);
    // What they say stands in the stack too, which a log would keep.
    throw error instanceof UserError ? error : new OutsideFailed(mask((error as Error).message));
  }
}

/** Loads into all servers that are there. Throws what the first says that refuses, or where none is there. */
async function loadInto(
  addresses: readonly string[],
  load: (address: string) => Promise<Loaded>,
): Promise<Loaded[]> {
  const outcomes = await Promise.allSettled(addresses.map(load));
  const loaded = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const errors = outcomes.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  const refused = errors.find((error) => !readFailure(error).unreachable);
  if (refused === undefined && loaded.length > 0) return loaded;
  await Promise.all(loaded.map(({ release }) => release()));
  throw refused ?? errors[0];
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
