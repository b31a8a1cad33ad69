import { appendFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { needPermission } from "../../modules.js";
import { behindPrefix, startProgram } from "../../program/index.js";
import type { TrainingReport, TrainingRequest } from "../types.js";
import { readStep } from "./log-lines.js";

/** What Hugging Face's libraries must not do on their own: speak to hosts that nobody named, or keep data elsewhere. */
function environment({ base, workdir }: TrainingRequest): Record<string, string> {
  return {
    HF_HUB_DISABLE_TELEMETRY: "1",
    HF_DATASETS_CACHE: `${workdir}/datasets`,
    TOKENIZERS_PARALLELISM: "false",
    PYTHONUNBUFFERED: "1",
    ...(isAbsolute(base) ? { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" } : {}),
  };
}

/**
 * Runs a trainer's command line to its end and reports its steps as it prints them. Throws with its last lines if it
 * fails, and the signal's reason if interrupted, after it has ended.
 */
export async function launch(argv: readonly string[], request: TrainingRequest): Promise<TrainingReport> {
  const { data, settings, external = {}, onProgress, signal } = request;
  const { command, prefix = [] } = external;
  if (command || prefix.length > 0)
    needPermission(`training.external: ${[...prefix, ...argv][0]} would be started`);
  const env = environment(request);
  // Another machine does not take over our environment.
  const whole =
    prefix.length === 0
      ? [...argv]
      : behindPrefix(prefix, [
          "env",
          ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
          ...argv,
        ]);

  const accumulated = Number(external.arguments?.gradient_accumulation_steps ?? 1);
  const epochSteps = Math.ceil(data.rows.length / (settings.batch_size * accumulated));
  const steps = epochSteps * settings.num_train_epochs;
  let first: number | null = null;
  let last: number | null = null;
  let tokens: number | null = null;
  const log = join(request.workdir, "trainer.log");
  const program = startProgram(whole, {
    env,
    onLine: (line) => {
      appendFileSync(log, `${line}\n`);
      const logged = readStep(line);
      if (!logged) return;
      const { loss, learning_rate, grad_norm, epoch } = logged;
      first ??= loss;
      last = loss;
      tokens = logged.tokens ?? tokens;
      onProgress?.({ step: Math.round(epoch * epochSteps), steps, loss, learning_rate, grad_norm });
    },
  });
  const abort = (): void => void program.stop();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) await program.stop();
    const code = await program.ended;
    signal?.throwIfAborted();
    if (code !== 0)
      throw new Error(
        `${argv.slice(0, 2).join(" ")} ended with code ${code} (all it said: ${log}):\n${program.tail()}`,
      );
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return { steps, rows: data.rows.length, tokens, loss_first: first, loss_last: last };
}
