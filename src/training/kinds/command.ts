import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.js";
import { streamSeed } from "../../random.js";
import type { TrainerKind } from "./types.js";

/**
 * Trains with a command of the user's. It finds the rows (JSON lines in TRL's form) and the settings (JSON) under the paths
 * that its arguments ask for, and leaves an adapter in PEFT's layout in {output}. What it prints in the Hugging Face
 * Trainer's form is shown as progress.
 */
export const command: TrainerKind = {
  name: "command",
  about: "see external",
  embedded: false,
  command: "the whole line, with {data}, {method}, {settings}, {base}, {adapter}, {output} and {workdir}",
  train: async (request) => {
    const { adopt, launch, trlFiles, writeFiles } = await import("../external/index.js");
    const { data, base, adapter, settings, workdir, output, external = {} } = request;
    if (!external.command)
      throw new UserError(
        "training.trainer: command needs training.external.command, e.g. [./train.sh, {data}, {base}, {output}]",
      );
    const seed = streamSeed(request.seed);
    const places = {
      data: join(workdir, "train.jsonl"),
      settings: join(workdir, "settings.json"),
      output: join(workdir, "adapter"),
      adapter: adapter ?? "",
      base,
      workdir,
      method: data.method,
      seed: String(seed),
    };
    const { fillIn } = await import("../../program/index.js");
    const argv = fillIn(external.command, places, "training.external.command");
    // Unlike TRL's, a command's own half-done files mean nothing to us.
    await rm(places.output, { recursive: true, force: true });
    await writeFiles(workdir, {
      "train.jsonl": trlFiles({ data, settings, model: base, seed, folder: workdir }).rows,
      "settings.json": `${JSON.stringify({ method: data.method, seed, ...settings, ...external.arguments }, null, 2)}\n`,
    });
    const report = await launch(argv, request);
    await adopt(places.output, output);
    return report;
  },
};
