import { existsSync } from "node:fs";
import { setting } from "./environment.js";
import { packageFile } from "./package-root.js";
import { shownPath } from "./shown-path.js";

/** How the user calls this program, to be given again: npm and npx have no `candor` on the path. */
export function called(): string {
  const command = setting.npm_command();
  const script = setting.npm_lifecycle_event();
  const project = setting.npm_package_name();
  if (command === "exec") return "npx candor";
  if ((command === "run" || command === "run-script") && script === "candor") return "npm run candor --";
  // `npm start` in the checkout plays the default sweep, and tells what to give next. In another project it may do so too.
  if (command === "start") return project === "candor" ? "npm run candor --" : "npx candor";
  return "candor";
}

/** A command of ours as the user would have to type it. */
export function asCalled(command: string): string {
  return command.replace(/^candor\b/u, called());
}

/** Where a file that ships is, as the user would type it from here. */
export function ownPath(path: string): string {
  return shownPath(packageFile(path)).replaceAll("\\", "/");
}

/** Commands that sentences name, with what is typed behind them; `candor` alone is the program's name and stays. */
const COMMANDS = /\bcandor (?=(?:check|data|judge check|rater check) )/gu;
const PAGES = /(?<![\w/.-])docs\/[\w-]+\.md\b/gu;

/** Commands and pages that stand within a sentence, as the user would have to type them from here. */
export function typed(sentence: string): string {
  return withPages(sentence, ownPath);
}

/**
 * Commands and pages within a sentence of a file that is read elsewhere too: commands are for who wrote it, and where pages lie on
 * this machine says nothing to others.
 */
export function sent(sentence: string): string {
  return withPages(sentence, (path) => `${path} of Candor's package`);
}

function withPages(sentence: string, shown: (path: string) => string): string {
  return sentence
    .replaceAll(COMMANDS, `${called()} `)
    .replaceAll(PAGES, (path) => (existsSync(packageFile(path)) ? shown(path) : path));
}
