import { endpoint, shownAddress } from "../address.js";
import { errorIn, parsed } from "../openai/answer.js";
import { ask } from "../openai/http.js";
import { modelsSchema } from "../openai/models-at.js";
import { bearer } from "../openai/post.js";
import { wordsOf, wordsOfText } from "../openai/words.js";
import type { Host, Loaded } from "./types.js";

/** Loading and warming a large adapter takes its time. */
const PATIENCE_MS = 300_000;

/**
 * Loads an adapter into a running vLLM (started with `--enable-lora` and `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True`) by POST
 * `load_lora_adapter`. The server reads the folder itself: it must see it under the same path.
 */
export async function loadIntoVllm(
  { name, path }: { name: string; path: string },
  { address, key }: Host,
): Promise<Loaded> {
  const put = async (
    what: string,
    method: string,
    body?: object,
  ): Promise<{ status: number; text: string }> =>
    await ask(endpoint(address, what), {
      method,
      headers: { ...(body ? { "content-type": "application/json" } : {}), ...bearer(key) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  const failed = (why: string, cause?: Error): Error =>
    new Error(`${shownAddress(address)}: the adapter ${path} could not be loaded: ${why}`, { cause });
  const answered = (request: ReturnType<typeof put>) =>
    request.catch((error: Error) => {
      throw failed(error.message, error);
    });
  const { status, text } = await answered(
    put("load_lora_adapter", "POST", { lora_name: name, lora_path: path }),
  );
  const json = parsed(text);
  // The name is that of the weights: whoever loaded it before loaded the same.
  const refused = status < 200 || status >= 300 || errorIn(json) !== null;
  if (refused && !text.includes("already been loaded")) {
    const words = json === undefined ? wordsOfText(text) : wordsOf(json);
    const hint = status === 404 ? "; vLLM needs --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True" : "";
    throw failed(`HTTP ${status}: ${words}${hint}`);
  }
  // A server that answers to any name would answer as the model without the adapter.
  const list = await answered(put("models", "GET"));
  const models = modelsSchema.safeParse(parsed(list.text)).data?.data.map(({ id }) => id);
  if (!models?.includes(name))
    throw failed(
      `it says that it has done so, but ${models ? "does not name it among its models" : `tells no models (HTTP ${list.status})`}`,
    );
  return {
    name,
    address,
    release: async () => {
      // A server that is gone already has unloaded it too; vLLM drops adapters by itself when it needs their place.
      await put("unload_lora_adapter", "POST", { lora_name: name }).catch(() => {});
    },
  };
}
