import { isAbsolute } from "node:path";
import { unlessSet } from "../environment.js";
import type { PlannedServer } from "./types.js";

/** Ranks that vLLM makes room for; it takes no others. */
const RANKS = [8, 16, 32, 64, 128, 256, 320, 512];
/** Adapters on the card at the same time, and beside it. */
const LORAS = { card: 16, machine: 64 };

/** The command line of a server; `more` are the user's own options, which come last and so count. */
export function vllmCommand({ model, address, memory }: PlannedServer, more: readonly string[]): string[] {
  const { name, folder, lora } = model;
  const { hostname, port } = new URL(address);
  return [
    ...["vllm", "serve", folder, "--served-model-name", name],
    ...["--host", hostname.replace(/^\[|\]$/gu, ""), "--port", port],
    ...["--dtype", "bfloat16", "--gpu-memory-utilization", String(memory)],
    ...(lora
      ? [
          ...[
            "--enable-lora",
            "--max-lora-rank",
            String(RANKS.find((rank) => rank >= lora.rank) ?? lora.rank),
          ],
          ...["--max-loras", String(LORAS.card), "--max-cpu-loras", String(LORAS.machine)],
          // All others too by default, the output layer among them, with which some versions end (docs/real-models.md).
          ...["--lora-target-modules", ...lora.modules],
        ]
      : []),
    ...more,
  ];
}

/** What it needs in its environment: its card, the right to take adapters, and no calls to hosts that nobody named. */
export function vllmEnvironment({ model, card }: PlannedServer, key: string | null): Record<string, string> {
  return {
    ...(card === null ? {} : { CUDA_VISIBLE_DEVICES: card }),
    ...(model.lora ? { VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True" } : {}),
    // Not on the command line, which everybody on the machine can read.
    ...(key === null ? {} : { VLLM_API_KEY: key }),
    ...(isAbsolute(model.folder) ? { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" } : {}),
    // Else each server has a thread for every core, also to load an adapter: eight servers on 42 cores took half a minute for one.
    ...unlessSet({ OMP_NUM_THREADS: "1" }),
    VLLM_NO_USAGE_STATS: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    PYTHONUNBUFFERED: "1",
  };
}
