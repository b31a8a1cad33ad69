import { spawnSync } from "node:child_process";
import { packageFile } from "../src/package-root.js";

/** Builds dist/ once before all tests: those of the command line, of worker processes and of the page run what is shipped. */
export default function buildOnce(): void {
  // Type errors are `npm run check`'s business; the compiler writes JavaScript in spite of them.
  spawnSync("npm", ["run", "--silent", "build"], { cwd: packageFile("") });
}
