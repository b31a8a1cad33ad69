import { relative } from "node:path";
import { packageFile } from "../package-root.js";

/** How the user calls this program, to be given again: npm and npx have no `candor` on the path. */
export function called(env: NodeJS.ProcessEnv = process.env): string {
  if (env.npm_command === "exec") return "npx candor";
  if (env.npm_command === "run" && env.npm_lifecycle_event === "candor") return "npm run candor --";
  if (env.npm_command === "run-script" && env.npm_lifecycle_event === "candor") return "npm run candor --";
  return "candor";
}

/** A command of ours as the user would have to type it. */
export function asCalled(command: string): string {
  return command.replace(/^candor\b/u, called());
}

/** Where a file that ships is, as the user would type it from here. */
export function ownPath(path: string): string {
  const whole = packageFile(path);
  const near = relative(process.cwd(), whole);
  return near.startsWith("..") ? whole : near.replaceAll("\\", "/");
}
