import { join } from "node:path";
import { UserError } from "../../errors.js";
import { pythonYaml, trlFiles } from "../../preference/export/index.js";
import { streamSeed } from "../../random.js";
import type { Trainer } from "../types.js";
import { adopt } from "./adopt.js";
import { fitRows } from "./fit.js";
import { launch } from "./launch.js";
import { asCheckpoint, lastCheckpoint } from "./resume.js";
import { writeFiles } from "./write-files.js";

/**
 * Trains with TRL's own command line (checked against TRL 1.16): `trl sft|kto|dpo --config`, with the files that `candor data`
 * writes. An interrupted training goes on from the last epoch that TRL saved.
 */
export const trlTrainer: Trainer = async (request) => {
  const { data, base, adapter, settings, workdir, output, external = {} } = request;
  const written = join(workdir, "adapter");
  const fitted = await fitRows(data, base, settings.max_length);
  const { rows, config } = trlFiles({
    data,
    raw: fitted?.raw,
    settings,
    model: base,
    seed: streamSeed(request.seed),
    folder: workdir,
  });
  const whole: Record<string, unknown> = {
    ...config,
    ...overCards(config, external.gpus),
    logging_steps: 1,
    report_to: "none",
    // It then tells how many rows it took and how many steps those are.
    log_level: "info",
    save_strategy: "epoch",
    save_total_limit: 1,
    ...external.arguments,
  };
  const start = (): Promise<string> => asCheckpoint(adapter!, join(workdir, "start"), whole);
  const from = (await lastCheckpoint(written)) ?? (adapter ? await start() : null);
  const file = join(workdir, "trl.yaml");
  await writeFiles(workdir, {
    "train.jsonl": rows,
    "trl.yaml": pythonYaml(from ? { ...whole, resume_from_checkpoint: from } : whole),
  });
  const report = await launch([...(external.command ?? ["trl"]), data.method, "--config", file], request);
  await adopt(written, output);
  return fitted?.shortened ? { ...report, shortened: fitted.shortened } : report;
};

/** What accelerate needs to spread one training over cards, so that a step has as many rows as on one. */
function overCards(
  { per_device_train_batch_size: rows }: Record<string, unknown>,
  gpus: number = 1,
): Record<string, unknown> {
  if (gpus === 1) return {};
  const each = Number(rows) / gpus;
  if (!Number.isInteger(each))
    throw new UserError(
      `training.external.gpus: batch_size ${rows} cannot be shared out among ${gpus} cards; make it a multiple of ${gpus}`,
    );
  return { num_processes: gpus, per_device_train_batch_size: each };
}
