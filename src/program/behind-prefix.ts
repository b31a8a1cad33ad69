import { basename } from "node:path";

/**
 * A command line behind a prefix such as `[srun, --gpus=1]` or `[ssh, gpu-box]`. ssh joins what it is given and has the
 * shell of the other machine read it, so behind it every argument is quoted for that shell.
 */
export function behindPrefix(prefix: readonly string[], argv: readonly string[]): string[] {
  if (prefix.length === 0) return [...argv];
  return [...prefix, ...(basename(prefix[0]!) === "ssh" ? argv.map(quoted) : argv)];
}

/** One word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
