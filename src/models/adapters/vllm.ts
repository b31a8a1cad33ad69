import type { Host, Served } from "./index.js";

/**
 * Loads an adapter into a running vLLM (started with `--enable-lora` and `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True`) by POST
 * `load_lora_adapter`. The server reads the folder itself: it must see it under the same path.
 */
export async function loadIntoVllm(
  { name, path }: { name: string; path: string },
  { address, key }: Host,
): Promise<Omit<Served, "version">> {
  const post = (what: string, body: object): Promise<Response> =>
    fetch(`${address.replace(/\/+$/, "")}/${what}`, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(300_000),
    });
  const response = await post("load_lora_adapter", { lora_name: name, lora_path: path }).catch(
    (error: Error) => {
      throw new Error(`${address}: the adapter ${path} could not be loaded: ${error.message}`);
    },
  );
  const answer = await response.text();
  // The name is that of the weights: whoever loaded it before loaded the same.
  if (!response.ok && !answer.includes("already been loaded")) {
    const hint =
      response.status === 404 ? "; vLLM needs --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True" : "";
    throw new Error(
      `${address}: the adapter ${path} could not be loaded: HTTP ${response.status}: ${answer.slice(0, 300)}${hint}`,
    );
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
