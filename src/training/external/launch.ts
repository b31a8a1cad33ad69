import { isAbsolute, join } from "node:path";
import { unlessSet } from "../../environment.js";
import { OutsideFailed } from "../../errors.js";
import { NOTHING, requireCode } from "../../permissions/index.js";
import { behindPrefix, type Place, startProgram, takeGpus } from "../../program/index.js";
import { appendSync } from "../../whole/index.js";
import type { TrainingReport, TrainingRequest } from "../types.js";
import { watchDivergence } from "./divergence.js";
import { type Announced, readAnnounced, readStep } from "./log-lines.js";

/** What Hugging Face's libraries must not do on their own: speak to hosts that nobody named, or keep data elsewhere. */
function environment({ base, workdir }: TrainingRequest): Record<string, string> {
  return {
    HF_HUB_DISABLE_TELEMETRY: "1",
    HF_DATASETS_CACHE: `${workdir}/datasets`,
    TOKENIZERS_PARALLELISM: "false",
    PYTHONUNBUFFERED: "1",
    // PyTorch 2.11 and newer take cuDNN's attention first on an H100 or H200. In bf16 it loses the gradient where a batch is 64 tokens longer
    // than a multiple of 128 (pytorch#196678); with this set another kernel is taken. Seen on an H200: docs/evidence.md.
    ...unlessSet({ TORCH_CUDNN_SDPA_DEPRIORITIZED: "1" }),
    ...(isAbsolute(base) ? { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" } : {}),
  };
}

/** Waits for the cards of a trainer that runs here; null where there are none to place it on, and behind a prefix, which places it itself. */
async function placeOf({ external = {}, gpus, signal }: TrainingRequest): Promise<Place | null> {
  const { prefix = [], gpus: wanted = 1 } = external;
  if (!gpus || prefix.length > 0 || (gpus.ids.length === 0 && wanted === 1)) return null;
  return await takeGpus(gpus, wanted, { signal });
}

/**
 * Runs a trainer's command line to its end and reports its steps as it prints them. Throws with its last lines if it
 * fails, and the signal's reason if interrupted, after it has ended. One whose gradients are lost for good is ended, with a UserError.
 */
export async function launch(argv: readonly string[], request: TrainingRequest): Promise<TrainingReport> {
  const place = await placeOf(request);
  try {
    return await launchOn(place, argv, request);
  } finally {
    place?.release();
  }
}

/** What is started, with its environment. Throws a UserError where a scenario names a program that nobody allowed. */
function commandLine(
  place: Place | null,
  argv: readonly string[],
  request: TrainingRequest,
): { whole: string[]; env: Record<string, string> } {
  const { command, prefix = [] } = request.external ?? {};
  if (command || prefix.length > 0)
    requireCode(
      request.permissions ?? NOTHING,
      `training.external: ${[...prefix, ...argv][0]} would be started`,
    );
  const env = {
    ...environment(request),
    ...(place ? { CUDA_VISIBLE_DEVICES: place.ids.join(",") } : {}),
  };
  if (prefix.length === 0) return { whole: [...argv], env };
  // Another machine does not take over our environment.
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return { whole: behindPrefix(prefix, ["env", ...given, ...argv]), env };
}

async function launchOn(
  place: Place | null,
  argv: readonly string[],
  request: TrainingRequest,
): Promise<TrainingReport> {
  const { data, settings, external = {}, onProgress, signal } = request;
  const { whole, env } = commandLine(place, argv, request);

  // Until the trainer has told its own.
  const expected = Math.ceil(data.rows.length / settings.batch_size) * settings.num_train_epochs;
  const told: Announced = {};
  let first: number | null = null;
  let last: number | null = null;
  let tokens: number | null = null;
  const log = join(request.workdir, "trainer.log");
  const diverges = watchDivergence(log);
  let diverged: Error | null = null;
  const program = startProgram(whole, {
    env,
    onLine: (line) => {
      appendSync(log, `${line}\n`);
      Object.assign(told, readAnnounced(line));
      const logged = readStep(line);
      if (!logged) return;
      const { loss, learning_rate, grad_norm, epoch } = logged;
      first ??= loss;
      last = loss;
      tokens = logged.tokens ?? tokens;
      const steps = told.steps ?? expected;
      // `epoch` is rounded for printing, and a step's own number is not printed.
      const step = Math.min(steps, Math.round((epoch * steps) / settings.num_train_epochs));
      onProgress?.({ step, steps, loss, learning_rate, grad_norm });
      diverged ??= diverges(logged, step);
      if (diverged) void program.stop();
    },
  });
  const abort = (): void => void program.stop();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) await program.stop();
    const code = await program.ended;
    signal?.throwIfAborted();
    if (diverged) throw diverged;
    if (code !== 0)
      throw new OutsideFailed(
        `${argv.slice(0, 2).join(" ")} ended with code ${code} (all it said: ${log}):\n${program.tail()}`,
      );
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  // Packed, several rows are one example.
  const dropped = told.rows !== undefined && told.rows < data.rows.length && !external.arguments?.packing;
  if (dropped)
    throw new OutsideFailed(
      `${argv[0]} trained on ${told.rows} of ${data.rows.length} rows and dropped the others (why: ${log}), most likely as longer than training.max_length (${settings.max_length}); raise it, or give training.external.model as a folder so that rows can be cut before`,
    );
  return {
    steps: told.steps ?? null,
    rows: told.rows ?? null,
    tokens,
    loss_first: first,
    loss_last: last,
  };
}
