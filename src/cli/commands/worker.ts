import { availableParallelism } from "node:os";
import { addressOf, queue as redis } from "../../sweep/back-ends/index.js";
import { example, type RegisterCommand } from "../command.js";
import { GPUS_HELP, TRAINERS_HELP } from "../gpus-option.js";
import { count } from "../parsers.js";
import { tell } from "../say.js";

export const registerWorker: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("worker")
    .description(
      "play cells of any `candor sweep --queue`, until Ctrl-C; start it on as many machines as you like",
    )
    .requiredOption("--queue [address]", redis.about)
    .option("--workers <n>", "cells at the same time", count, availableParallelism())
    .option("--gpus <ids>", GPUS_HELP)
    .option("--trainers-per-gpu <n>", TRAINERS_HELP, count)
    .option(
      "--out <folder>",
      "folder for runs of sweeps whose own folder is not seen from here",
      "runs/worker",
    )
    .addHelpText(
      "after",
      example("candor worker --queue redis://cluster:6379", "CANDOR_QUEUE=rediss://… candor worker --queue"),
    )
    .action(async ({ queue, workers, out, gpus, trainersPerGpu }) => {
      const { findGpus } = await import("../../program/index.js");
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      requireOutsideOfRuns(out);
      const { serveQueue } = await import("../../sweep/index.js");
      await serveQueue(addressOf(queue), {
        workers,
        out,
        permissions: permissions(),
        gpus: await findGpus(gpus, trainersPerGpu),
        signal,
        onNotice: (notice) => tell(`candor: ${notice}\n`),
      });
    });
};
