import { z } from "zod";
import { endpoint } from "../address.js";
import { parsed } from "./answer.js";
import { ask } from "./http.js";
import { bearer } from "./post.js";

export const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Names of the models that a server offers; none while it is not up. */
export async function modelsAt(address: string, key: string | null): Promise<string[]> {
  try {
    const { status, text } = await ask(endpoint(address, "models"), {
      method: "GET",
      headers: bearer(key),
      signal: AbortSignal.timeout(5_000),
    });
    const answer = modelsSchema.safeParse(parsed(text));
    return status === 200 && answer.success ? answer.data.data.map(({ id }) => id) : [];
  } catch {
    return [];
  }
}
