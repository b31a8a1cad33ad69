import { basename } from "node:path";
import { shellWord } from "../shell-word.js";

/**
 * A command line behind a prefix such as `[srun, --gpus=1]` or `[ssh, gpu-box]`. ssh joins what it is given and has the
 * shell of the other machine read it, so behind it every argument is quoted for that shell.
 */
export function behindPrefix(prefix: readonly string[], argv: readonly string[]): string[] {
  if (prefix.length === 0) return [...argv];
  return [...prefix, ...(basename(prefix[0]!) === "ssh" ? argv.map(shellWord) : argv)];
}
