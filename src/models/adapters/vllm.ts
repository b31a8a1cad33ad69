import { endpoint, shownAddress } from "../address.js";
import { parsed } from "../openai/answer.js";
import { ask } from "../openai/http.js";
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
  const post = async (what: string, body: object): Promise<{ status: number; text: string }> =>
    await ask(endpoint(address, what), {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer(key) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  const failed = (why: string, cause?: Error): Error =>
    new Error(`${shownAddress(address)}: the adapter ${path} could not be loaded: ${why}`, { cause });
  const { status, text } = await post("load_lora_adapter", { lora_name: name, lora_path: path }).catch(
    (error: Error) => {
      throw failed(error.message, error);
    },
  );
  // The name is that of the weights: whoever loaded it before loaded the same.
  if ((status < 200 || status >= 300) && !text.includes("already been loaded")) {
    const json = parsed(text);
    const words = json === undefined ? wordsOfText(text) : wordsOf(json);
    const hint = status === 404 ? "; vLLM needs --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True" : "";
    throw failed(`HTTP ${status}: ${words}${hint}`);
  }
  return {
    name,
    address,
    release: async () => {
      // A server that is gone already has unloaded it too; vLLM drops adapters by itself when it needs their place.
      await post("unload_lora_adapter", { lora_name: name }).catch(() => {});
    },
  };
}
