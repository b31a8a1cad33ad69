import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../../src/cli/commands/index.js";
import { packageFile } from "../../src/package-root.js";
import { NOTHING } from "../../src/permissions/index.js";
import { linesOf, pages } from "./page.js";

const program = new Command("candor");
for (const register of commands)
  register(program, { signal: new AbortController().signal, permissions: () => NOTHING });

const PERMISSIONS = ["--allow-modules", "--allow-paths", "--allow-keys"];

/** What is wrong with a command line: a command or option that does not exist. */
function faultOf(words: readonly string[]): string | null {
  const [first = ""] = words;
  if (first.startsWith("-") || !/^[a-z]/u.test(first)) return null;
  let command = program.commands.find((one) => one.name() === first);
  if (!command) return `no command ${first}`;
  const inner = command.commands.find((one) => one.name() === words[1]);
  command = inner ?? command.commands.find((one) => one.name() === "list") ?? command;
  const known = [...command.options.map(({ long }) => long), ...PERMISSIONS, "--help", "--version"];
  const unknown = words.find(
    (word) => word.startsWith("--") && word.length > 2 && !known.includes(word.split("=")[0]!),
  );
  return unknown === undefined ? null : `candor ${command.name()} has no ${unknown}`;
}

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
  it.each(pages)("%s gives no command or option that does not exist", (page) => {
    const lines = linesOf(readFileSync(packageFile(page), "utf8"));
    const faults = lines.flatMap((words) => {
      const fault = faultOf(words);
      return fault === null ? [] : [`${words.join(" ")}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it("would find one", () => {
    expect(faultOf(["rum", "x.yaml"])).toBe("no command rum");
    expect(faultOf(["judge", "check", "x", "--jugde", "y"])).toBe("candor check has no --jugde");
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
