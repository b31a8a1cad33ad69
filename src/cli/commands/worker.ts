import { availableParallelism } from "node:os";
import { example, type RegisterCommand } from "../command.js";
import { count } from "../parsers.js";
import { addressOf, QUEUE_HELP } from "../queue-option.js";

export const registerWorker: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("worker")
    .description(
      "play cells of any `candor sweep --queue`, until Ctrl-C; start it on as many machines as you like",
    )
    .requiredOption("--queue [address]", QUEUE_HELP)
    .option("--workers <n>", "cells at the same time", count, availableParallelism())
    .option(
      "--out <folder>",
      "folder for runs of sweeps whose own folder is not seen from here",
      "runs/worker",
    )
    .addHelpText(
      "after",
      example("candor worker --queue redis://cluster:6379", "CANDOR_QUEUE=rediss://… candor worker --queue"),
    )
    .action(async ({ queue, workers, out }) => {
      const { serveQueue } = await import("../../sweep/index.js");
      await serveQueue(addressOf(queue), {
        workers,
        out,
        permissions: permissions(),
        signal,
        onNotice: (notice) => process.stderr.write(`candor: ${notice}\n`),
      });
    });
};
