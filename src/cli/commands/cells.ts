import { InvalidArgumentError } from "@commander-js/extra-typings";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { count } from "../parsers.js";

type Share = { index: number; of: number };
const WHOLE: Share = { index: 0, of: 1 };

export const registerCells: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("cells")
    .description(
      "play a share of a sweep's cells, as the tasks of `candor sweep --slurm` do; for any scheduler",
    )
    .argument("<folder>", "a sweep's folder, with its sweep.json")
    .option("--share <i/n>", "share i, from 0, of n", shareOf, WHOLE)
    .option(
      "--at-once <n>",
      "shares that are played at the same time, among which requests_per_minute is divided",
      count,
    )
    .option("--workers <n>", "processes at the same time", count, 1)
    .addHelpText("after", example("candor cells runs/default-0123456789 --share 0/20"))
    .action(async (folder, { share, atOnce, workers }) => {
      const { playShare } = await import("../../sweep/index.js");
      const { openSweepDisplay } = await import("../progress/sweep.js");
      const display = openSweepDisplay(false, `${workers} at a time`);
      try {
        const result = await playShare(folder, {
          share,
          atOnce,
          workers,
          permissions: permissions(),
          signal,
          onEvent: display.tell,
        });
        if (result.interrupted) signal.throwIfAborted();
        if (result.failed.length > 0) throw new CommandFailed();
      } finally {
        display.close();
      }
    });
};

function shareOf(text: string): Share {
  const [, index, of] = /^(\d+)\/(\d+)$/u.exec(text) ?? [];
  if (of === undefined || Number(index) >= Number(of))
    throw new InvalidArgumentError("expected i/n with i from 0 to n - 1, such as 0/20.");
  return { index: Number(index), of: Number(of) };
}
