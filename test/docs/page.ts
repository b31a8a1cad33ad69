import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../src/package-root.js";
import { candorIn } from "../cli/in-process.js";

/** A fenced block of a page. */
type Block = { language: string; text: string };

/** A file that a page shows, by the path in its first line; or a command that it gives, with its arguments. */
export type Step = { file: string; text: string } | { command: string[] };

const FENCE = /^```(\w*)\n(.*?)^```$/gmsu;
const FIRST_LINE = /^(?:#|\/\/|<!--) ([\w./-]+\.\w+)(?: -->)?\n/u;

function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCE)].map(([, language, text]) => ({ language: language!, text: text! }));
}

/** What somebody does who follows a page of docs/: files to write and commands to give, in its order. */
export function stepsOf(page: string): Step[] {
  return blocksOf(readFileSync(packageFile(page), "utf8")).flatMap(({ language, text }): Step[] => {
    const file = FIRST_LINE.exec(text)?.[1];
    if (file !== undefined && language !== "sh") return [{ file, text }];
    return language === "sh" ? commandsOf(text).map((command) => ({ command })) : [];
  });
}

/** The commands of a block, one a line; what stands behind two spaces and # is a comment, a backslash goes on, a $ is the prompt. */
function commandsOf(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/gu, "")
    .split("\n")
    .map((line) =>
      line
        .replace(/(?:^|\s+)#.*$/u, "")
        .trim()
        .replace(/^\$ /u, ""),
    )
    .filter((line) => line !== "")
    .map(wordsOf);
}

/** Words as a shell would split them, as far as our pages go. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(
    ([, single, double, plain]) => (single ?? double ?? plain)!,
  );
}

/** What a shell makes of a star at the end of a path. */
function expanded(word: string, folder: string): string[] {
  const [, parent, start] = /^([\w./-]+\/)([\w.-]*)\*$/u.exec(word) ?? [];
  if (parent === undefined || !existsSync(join(folder, parent))) return [word];
  const found = readdirSync(join(folder, parent)).filter(
    (name) => name.startsWith(start!) && !name.startsWith("."),
  );
  return found.length === 0 ? [word] : found.sort().map((name) => `${parent}${name}`);
}

export type Outcome = { command: string; code: number | null; stdout: string; stderr: string };

/**
 * Takes a page's steps in a folder, and stops where a command fails. Each command of ours is started once as people do; what else is
 * given of it is given within this process, as a start of Node takes longer. `apart`: all are started, as those must be that load modules.
 */
export async function follow(
  steps: readonly Step[],
  folder: string,
  { apart = false } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const begun = new Set<string>();
  for (const step of steps) {
    if ("file" in step) {
      mkdirSync(dirname(join(folder, step.file)), { recursive: true });
      writeFileSync(join(folder, step.file), step.text);
      continue;
    }
    const [program, ...args] = step.command.flatMap((word) => expanded(word, folder));
    const isOurs = program === "candor";
    const outcome =
      isOurs && !apart && begun.has(args[0]!)
        ? await candorIn(args, folder)
        : startNode(isOurs ? [packageFile("dist/cli/main.js"), ...args] : args, folder);
    if (isOurs) begun.add(args[0]!);
    outcomes.push({ command: step.command.join(" "), ...outcome });
    if (outcome.code !== 0) break;
  }
  return outcomes;
}

function startNode(args: readonly string[], cwd: string): Omit<Outcome, "command"> {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", env });
  return { code: status, stdout, stderr };
}

/** All pages, by their path in the package. */
export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(packageFile("docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Every command line of ours on a page: in its blocks, and in its text where it is more than a name. */
export function linesOf(text: string): string[][] {
  const blocks = [...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gmsu)].flatMap(([, block]) => commandsOf(block!));
  const inline = [
    ...text.replaceAll(/^ *```.*?^ *```$/gmsu, "").matchAll(/`((?:npx |npm run )?candor [^`]+)`/gu),
  ].flatMap(([, line]) => commandsOf(line!));
  return [...blocks, ...inline].flatMap(split).flatMap((words) => {
    const at = words.indexOf("candor");
    const isOurs =
      at === 0 ||
      words
        .slice(0, at)
        .join(" ")
        .match(/(?:^|\s)(?:npx|npm run|[A-Z_]+=\S+)$/u);
    // Behind npm's own -- stand our words.
    const ours = words.slice(words[at + 1] === "--" ? at + 2 : at + 1);
    return at >= 0 && isOurs ? [ours] : [];
  });
}

/** The commands of a line that gives several: one after another, or one that `candor up` runs. */
function split(words: readonly string[]): string[][] {
  const at = words.findIndex((word, at) => word === "&&" || (word === "--" && words[at - 1] !== "candor"));
  return at < 0 ? [[...words]] : [words.slice(0, at), ...split(words.slice(at + 1))];
}

/** A command with fields set, in place of what it sets them to itself. */
export function withSets(command: readonly string[], fields: readonly string[]): string[] {
  const pathOf = (field: string) => field.slice(0, field.indexOf("="));
  const isNew = (field: string) => fields.some((one) => `${pathOf(field)}.`.startsWith(`${pathOf(one)}.`));
  const kept = command.filter(
    (word, at) =>
      !(command[at - 1] === "--set" && isNew(word)) && !(word === "--set" && isNew(command[at + 1]!)),
  );
  return [...kept, ...fields.flatMap((field) => ["--set", field])];
}

/** Commands that need no argument. */
const BARE = new Set(["doctor", "init", "run", "runs", "view", "--version", "--help"]);
/** A name in running text is no command: `candor serve` says what serves, not how. */
const NAME = /^(?:judge|rater|users|population) \w+(?: --labels probability)?$/u;
/** Whether a command stands there as it would be given. */
export const isWhole = (words: readonly string[]) =>
  /^[a-z-]/u.test(words[0]!) && !NAME.test(words.join(" ")) && (words.length > 1 || BARE.has(words[0]!));
