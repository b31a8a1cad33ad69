import { statSync } from "node:fs";
import { setting } from "../../environment.js";
import { UserError } from "../../errors.js";
import { aborted, example, type RegisterCommand } from "../command.js";
import { port } from "../parsers.js";
import { say } from "../say.js";

const PORT = 8211;

export const registerView: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("view")
    .description("browse runs in a web page: follow them live, read conversations, chat with checkpoints")
    .argument("[folder]", "folder of runs and sweeps, or one of them (default: runs)")
    .option("--port <n>", "where to listen; 0 takes a free port", port, PORT)
    .option("--host <name>", "address to listen on; other than this machine's own needs a token", "127.0.0.1")
    .option("--json", "print the address as JSON")
    .addHelpText(
      "after",
      example("candor view", "candor view --host 0.0.0.0   # prints an address with a token") +
        "\n\nCANDOR_VIEW_TOKEN sets the token, instead of a new one each time.",
    )
    .action(async (given, { host, port, json }) => {
      const folder = given === undefined ? "runs" : existing(given);
      const { startViewer } = await import("../../viewer/index.js");
      const token = setting.CANDOR_VIEW_TOKEN();
      const { url, close } = await startViewer({ folder, host, port, token, permissions: permissions() });
      say(json ? `${JSON.stringify({ url })}\n` : `${url}\nCtrl-C stops it\n`);
      await aborted(signal);
      await close();
    });
};

/** A folder that was named must be there: an empty list would hide a slip. The usual one may wait for its first run. */
function existing(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return folder;
  const what = found ? "is no folder" : "does not exist";
  throw new UserError(`${folder} ${what}; name a folder that holds runs, such as runs`);
}
