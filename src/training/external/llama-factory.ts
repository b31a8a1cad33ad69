import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.js";
import { llamaFactoryFiles, pythonYaml } from "../../preference/export/index.js";
import { streamSeed } from "../../random.js";
import type { Trainer } from "../types.js";
import { adopt } from "./adopt.js";
import { fitRows } from "./fit.js";
import { launch } from "./launch.js";
import { lastCheckpoint } from "./resume.js";
import { writeFiles } from "./write-files.js";

/**
 * Trains with LLaMA-Factory's own command line (checked against 0.9.5): `llamafactory-cli train`, with the files that `candor data` writes. The chat
 * template is the tokenizer's own unless `training.external.arguments.template` names one.
 */
export const llamaFactoryTrainer: Trainer = async (request) => {
  const { data, base, adapter, settings, workdir, output, external = {} } = request;
  const written = join(workdir, "adapter");
  if (/[*?[]/u.test(workdir))
    throw new UserError(
      `LLaMA-Factory takes ${workdir} for a pattern and finds no data there; name the run's folder without [, * and ?`,
    );
  const fitted = await fitRows(data, base, settings.max_length);
  const raw = fitted?.raw;
  const template = external.arguments?.template;
  if (raw && template !== undefined)
    throw new UserError(
      `training.max_length: some rows are longer than ${settings.max_length} tokens and can be cut in the model's own chat template alone; raise it, or leave out training.external.arguments.template (${template})`,
    );
  const { config, ...files } = llamaFactoryFiles({
    data,
    raw,
    settings,
    model: base,
    seed: streamSeed(request.seed),
    adapter,
    folder: workdir,
  });
  const from = await lastCheckpoint(written);
  // It would go on by itself from a checkpoint that was only half written, and fail at it for ever.
  if (from === null) await rm(written, { recursive: true, force: true });
  const file = join(workdir, "llama_factory.yaml");
  await writeFiles(workdir, {
    "train.json": files.rows,
    "dataset_info.json": files.info,
    "llama_factory.yaml": pythonYaml({
      ...config,
      logging_steps: 1,
      report_to: "none",
      save_strategy: "epoch",
      save_total_limit: 1,
      ...external.arguments,
      ...(from ? { resume_from_checkpoint: from } : {}),
    }),
  });
  const report = await launch([...(external.command ?? ["llamafactory-cli"]), "train", file], request);
  await adopt(written, output);
  return fitted?.shortened ? { ...report, shortened: fitted.shortened } : report;
};
