import { z } from "zod";
import { holdsSecret } from "../address.js";

// Fields that providers have in common. The largest amounts are well above what anybody has used.

const MOST_CALLS = 100_000;
const MOST_A_MINUTE = 10_000_000;
/** A day. */
const MOST_SECONDS = 86_400;

const count = (most: number) => z.int().positive().max(most);

/** How much a model outside of this process is asked at once, how often and how long. */
export const limitFields = {
  max_concurrency: count(MOST_CALLS)
    .optional()
    .describe(
      "Most requests in flight at once, fewer where the server refuses some. If absent 64, and up to 128 where that does not make replies slow.",
    ),
  requests_per_minute: count(MOST_A_MINUTE)
    .optional()
    .describe("Most requests a minute, of all runs of a sweep together; no limit if absent."),
  timeout_s: z
    .number()
    .positive()
    .max(MOST_SECONDS)
    .optional()
    .describe("Seconds after which a request counts as failed and is tried again; 300 if absent."),
};

const MOST_SERVERS = 64;

const addressSchema = z
  .url({ protocol: /^https?$/, error: "expected an address such as http://localhost:8000/v1" })
  .refine((url) => !url.includes("#"), {
    message:
      "what stands behind # is sent to no server, and neither is what candor would put there; leave it out",
  })
  .refine((url) => !holdsSecret(url), {
    message: "a key must not stand in a file; name the variable that holds it as api_key_env",
  });

/** Where a server is, and with which key it is asked. */
export const serverFields = {
  base_url: z
    .union([addressSchema, z.array(addressSchema).min(1).max(MOST_SERVERS)])
    .optional()
    .describe(
      "Address of an OpenAI-compatible server, e.g. http://localhost:8000/v1; or a list of those of servers with the same model, whose least busy one gets the next request.",
    ),
  api_key_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable, e.g. VLLM_API_KEY")
    .optional()
    .describe("Name of the environment variable that holds the key. The key itself never stands in a file."),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("More fields of every request, under the server's own names, e.g. reasoning_effort: low."),
};

/** How a server gets the adapters that rounds train. */
export const adapterFields = {
  adapters: z
    .union([z.literal("vllm"), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe(
      "How the assistant's server gets each round's adapter: vllm (its load_lora_adapter), or a command as a list, with {adapter} (folder), {name} (to serve it under) and, for a server of its own, {port}.",
    ),
};

/** What a module's own code is given. */
export const moduleFields = {
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("What a module's model is made with, checked by the module's own schema."),
};
