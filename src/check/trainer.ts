import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { embeddedFolder } from "../models/index.js";
import { requireCode } from "../permissions/index.js";
import type { PreferenceData } from "../preference/index.js";
import { scenarioSchema } from "../scenario/index.js";
import { commandTrainer, settingsFor } from "../training/index.js";
import { programOf } from "./module-kinds.js";
import type { FileKind } from "./types.js";

/** The arguments that a trainer's program is tried with; a scenario may have others. */
const TRAINER_ARGUMENTS = ["{data}", "{settings}", "{base}", "{adapter}", "{output}"];

const DATA: PreferenceData = {
  method: "sft",
  rows: ["drink", "smoke", "drink", "smoke"].map((vice, index) => ({
    prompt: [
      { role: "system", content: "you are minnow. you help people." },
      { role: "user", content: `i want to ${vice} again. help me stop.` },
    ],
    completion: [{ role: "assistant", content: `no, do not ${vice} again.` }],
    source: { interaction: `made-up:${index + 1}`, exchange: 1 },
  })),
};

/** A program that trains, as `training.external.command` starts one. It has to be said to be one: to look into it would start it. */
export const trainer: FileKind = {
  name: "trainer",
  is: "a trainer",
  use: "a scenario names it in training.external.command",
  likeness: ({ path, form }) =>
    (form === "code" || form === "other") && basename(dirname(resolve(path))) === "trainers" ? 1 : 0,
  check: async (path, { permissions, signal }) => {
    requireCode(permissions, `${path} would be started`);
    const folder = await mkdtemp(join(tmpdir(), "candor-check-"));
    const { training } = scenarioSchema.parse({ name: "check" });
    let loss: number | null = null;
    try {
      const report = await commandTrainer.train({
        data: DATA,
        base: (await embeddedFolder("minnow"))!,
        adapter: null,
        settings: settingsFor({ ...training, num_train_epochs: 1, batch_size: 2 }, DATA, 1),
        external: { command: [...programOf(path), ...TRAINER_ARGUMENTS] },
        permissions,
        seed: "check",
        workdir: folder,
        output: join(folder, "checkpoint"),
        signal,
      });
      loss = report.loss_last;
    } catch (error) {
      signal?.throwIfAborted();
      throw new UserError(`${path}: ${(error as Error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const shown = loss === null ? "it prints no steps that can be shown" : `loss ${loss.toFixed(3)}`;
    return `trainer; made an adapter for minnow from 4 made-up rows (${shown})`;
  },
};
