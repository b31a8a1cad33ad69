import { spawnSync } from "node:child_process";
import { packageFile } from "../../src/package-root.js";

/** Runs the built command line (see test/build-once.ts) in a folder. */
export function candor(args: string[], cwd: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [packageFile("dist/cli/main.js"), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  return { code: status, stdout, stderr };
}
