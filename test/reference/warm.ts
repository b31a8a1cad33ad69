import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../../src/package-root.js";
import { until } from "../until.js";

/** What the scripts of tests import. */
const IMPORTED = [
  "accelerate.commands.launch",
  "datasets",
  "peft",
  "torch",
  "transformers:AutoModelForCausalLM,AutoTokenizer,LlamaForCausalLM",
  "trl.cli",
  "trl:SFTConfig,SFTTrainer,DPOConfig,DPOTrainer,KTOConfig,KTOTrainer,ModelConfig,ScriptArguments,DatasetMixtureConfig,TrlParser",
  "trl:RewardConfig,RewardTrainer,RLOOConfig,RLOOTrainer",
];

export type WarmPython = {
  /** What runs a script, or `trl`, whose name and arguments follow. */
  command: string[];
  close: () => Promise<void>;
};

/**
 * A Python that has imported what scripts need and runs programs in forks of itself (`warm.py`). A module may be followed by
 * names in it that are loaded when they are asked for: `trl:SFTTrainer,DPOTrainer`. Test files share one: `onePython`.
 */
export async function warmPython(
  python: string,
  imported: readonly string[] = IMPORTED,
): Promise<WarmPython> {
  const home = mkdtempSync(join(tmpdir(), "candor-warm-"));
  const socket = join(home, "socket");
  const server = spawn(python, [packageFile("test/reference/warm.py"), socket, ...imported], {
    stdio: ["pipe", "inherit", "pipe"],
    env: {
      ...process.env,
      HF_HOME: home,
      // Read when the libraries are imported, so not those of whoever asks.
      ...{ HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1", HF_HUB_DISABLE_TELEMETRY: "1" },
      // As in vitest.config.ts: other tests have the other cores.
      OMP_NUM_THREADS: "1",
      ...{ TOKENIZERS_PARALLELISM: "false", PYTHONDONTWRITEBYTECODE: "1" },
    },
  });
  const said: string[] = [];
  server.stderr.on("data", (chunk) => said.push(String(chunk)));
  const ended = once(server, "close");
  await until(() => {
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`Python ended: ${said.join("")}`);
    return existsSync(socket);
  });
  return {
    command: [python, "-I", "-S", packageFile("test/reference/ask.py"), socket],
    close: async () => {
      server.stdin.end();
      await ended;
      rmSync(home, { recursive: true });
    },
  };
}
