import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { packageFile } from "../src/package-root.js";

/** Builds dist/ once before all tests: those of the command line and of worker processes run what is shipped. */
export default function buildOnce(): void {
  // Type errors are `npm run check`'s business; tsc writes JavaScript in spite of them.
  spawnSync(process.execPath, [
    packageFile("node_modules/typescript/bin/tsc"),
    "-p",
    packageFile("tsconfig.json"),
  ]);
  cpSync(packageFile("src/viewer/app"), packageFile("dist/viewer/app"), { recursive: true });
}
