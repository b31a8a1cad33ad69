import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../errors.js";
import { secretsIn } from "../address.js";
import { masking } from "../mask.js";
import type { ModelFields } from "../providers/schema.js";
import { serveByCommand } from "./command.js";
import type { Host, Served } from "./types.js";
import { loadIntoVllm } from "./vllm.js";

/**
 * Brings an adapter to a server in the way that the model's fields name. Its name there is that of its weights
 * (`candor-<hash>`): new for every round, the same for the same adapter. Throws a UserError where no way is named.
 */
export async function serveAdapter(folder: string, fields: ModelFields, host: Host): Promise<Served> {
  const { adapters, model } = fields;
  if (!adapters)
    throw new UserError(
      `${model} cannot take an adapter: say how its server gets one: adapters: vllm, or a command with {adapter} and {name}`,
    );
  const version = await hashFile(join(folder, "adapter_model.safetensors"));
  const request = { name: `candor-${version.slice(0, 12)}`, path: resolve(folder) };
  try {
    const served =
      adapters === "vllm" ? await loadIntoVllm(request, host) : await serveByCommand(adapters, request, host);
    return { ...served, version };
  } catch (error) {
    // Servers and programs may repeat the key that they were given.
    const mask = masking([...(host.key === null ? [] : [host.key]), ...secretsIn(host.address)]);
    // What they say stands in the stack too, which a log would keep.
    throw error instanceof UserError ? error : new Error(mask((error as Error).message));
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
