import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { buildProgram } from "../../src/cli/program.js";
import { packageFile } from "../../src/package-root.js";
import { isWhole, linesOf, pages } from "./page.js";

/** What is wrong with a command line: a command or option that does not exist, an argument too few, a value that is none. */
async function faultOf(words: readonly string[]): Promise<string | null> {
  let fault: string | null = null;
  const program = buildProgram({ signal: new AbortController().signal });
  for (const command of below(program)) {
    if (command.commands.length === 0) command.action(() => {});
    command.exitOverride();
    command.showHelpAfterError(false);
    command.configureOutput({
      writeOut: () => {},
      writeErr: () => {},
      outputError: (text) => {
        fault = text.trim();
      },
    });
  }
  program.showHelpAfterError(false);
  await program.parseAsync(words.map(filled), { from: "user" }).catch((error: Error) => {
    if (!/^\(output|^\d+\.\d+\.\d+/u.test(error.message)) fault ??= error.message;
  });
  return fault;
}

const below = ({ commands }: Pick<Command, "commands">): Command[] =>
  commands.flatMap((one) => [one as Command, ...below(one)]);

/** What stands for a reader's own thing. */
const filled = (word: string, at: number, words: readonly string[]): string =>
  (words[at - 1] === "--base-url" ? "http://localhost:8000/v1" : word)
    .replaceAll(/<[^>]*>/gu, "1")
    .replaceAll("…", "1")
    .replace(/^i\/n$/u, "1/2");

/** What headings of a page are called in addresses, as code hosts have it. */
function anchorsIn(page: string): Set<string> {
  const text = readFileSync(packageFile(page), "utf8").replaceAll(/^```.*?^```$/gmsu, "");
  const headings = [...text.matchAll(/^#+ (.*)$/gmu)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("the pages", () => {
  it.each(pages)("%s gives every command as the command line takes it", async (page) => {
    const faults: string[] = [];
    for (const words of linesOf(readFileSync(packageFile(page), "utf8"))) {
      const fault = isWhole(words) ? await faultOf(words) : null;
      if (fault !== null) faults.push(`${words.join(" ")}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  it("would find one", async () => {
    const faults: readonly (readonly [string, string | null])[] = [
      ["rum x.yaml", "unknown command 'rum'"],
      ["judge check x --jugde y", "unknown option '--jugde'"],
      ["judge chek x", "unknown command 'chek'"],
      ["export", "missing required argument 'folder'"],
      ["export x --format word", "argument 'word'"],
      ["import x y", "required option '--round <n>' not specified"],
      ["import x y --round first", "option '--round <n>'"],
      ["compare a b c", "too many arguments"],
      ["sweep x.yaml --workers many", "--workers"],
      ["sweep x.yaml --queue redis://… --set rounds=1", null],
      ["up x.yaml", null],
    ];
    for (const [line, fault] of faults)
      expect([line, await faultOf(line.split(" "))]).toEqual([
        line,
        fault === null ? null : expect.stringContaining(fault),
      ]);
    expect(linesOf("```\nnpx candor rum x\n```\nand `candor show --bad`")).toEqual([
      ["rum", "x"],
      ["show", "--bad"],
    ]);
    const all = pages.flatMap((page) => linesOf(readFileSync(packageFile(page), "utf8")));
    expect(all.length).toBeGreaterThan(120);
  });

  it.each(pages.slice(1).filter((page) => page !== "docs/README.md"))(
    "%s begins with what one can do after it",
    (page) => {
      const [, , first] = readFileSync(packageFile(page), "utf8").split("\n");
      expect(first).toMatch(/^After this page you /u);
    },
  );

  it("are all in the index, and the index has no other", () => {
    const index = readFileSync(packageFile("docs/README.md"), "utf8");
    const linked = [...index.matchAll(/\]\(([\w-]+\.md)\)/gu)].map(([, name]) => `docs/${name}`);
    expect(linked.sort()).toEqual(
      pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md").sort(),
    );
  });

  it.each(pages)("%s links to headings that are there", (page) => {
    const text = readFileSync(packageFile(page), "utf8");
    const faults = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/gu)].flatMap(
      ([, file, heading]) => {
        const target = file === "" ? page : posix.join(posix.dirname(page), file!);
        if (!target.endsWith(".md") || !existsSync(packageFile(target))) return [];
        return anchorsIn(target).has(heading!) ? [] : [`${file}#${heading}`];
      },
    );
    expect(faults).toEqual([]);
  });

  it.each(pages)("%s links to nothing that the package lacks", (page) => {
    const { files } = z
      .object({ files: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(packageFile("package.json"), "utf8")));
    // npm packs these whatever is said.
    const packed = [...files, "README.md", "LICENSE"];
    const links = [...readFileSync(packageFile(page), "utf8").matchAll(/\]\((?!https?:)([^)#\s]+)/gu)];
    const paths = links.map(([, link]) => posix.join(posix.dirname(page), link!));
    const lacking = paths.filter(
      (path) =>
        !existsSync(packageFile(path)) ||
        !packed.some((file) => path === file || path.startsWith(`${file}/`)),
    );
    expect(lacking).toEqual([]);
  });
});
