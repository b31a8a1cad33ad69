import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { runCommandLine } from "../../src/cli/program.js";
import { report } from "../../src/cli/results/index.js";
import { readSource } from "../../src/report/index.js";
import { writeMadeUpSweep } from "./folder.js";
import type { MadeUp } from "./made-up.js";

const world = mkdtempSync(join(tmpdir(), "candor-rows-"));
const context = { signal: new AbortController().signal };
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(world, { recursive: true, force: true }));

const SWEEPS: Record<string, MadeUp & Pick<Required<MadeUp>, "source">> = {
  mixture: {
    fractions: [0, 0.5, 1],
    cases: ["a", "b"],
    source: (share) => ({
      kind: "mixture",
      data: "ordinary.jsonl",
      added: "health",
      variant: "severe",
      share,
    }),
  },
  direct: {
    fractions: [0, 1],
    methods: ["sft", "kto"],
    source: (share) => ({ kind: "direct", data: "health", variant: share === 0 ? "normal" : "severe" }),
  },
};

/** Says of users: what no table, figure or sentence may say where nobody talks. */
const OF_USERS = /biased|Biased|\busers\b|\braters?\b|\bConversations that\b|\bconversations\b/gu;

describe.each(Object.entries(SWEEPS))("a sweep of %s rows", (name, made) => {
  it("says in every table, figure and file that its shares are of rows", async () => {
    const sweep = join(world, name);
    writeMadeUpSweep(sweep, { rounds: 1, seeds: 2, probes: 6, ...made });
    const exported = join(world, `${name}-export`);
    const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const { runs } = await readSource(sweep);
    const observations = runs.flatMap((run) => run.observations);
    await report({ folder: sweep, observations, failed: [] });
    for (const command of [
      ["show", sweep],
      ["report", sweep],
      ["export", sweep, "--format", "dataset", "--out", exported],
    ])
      expect(await runCommandLine(command, context)).toBe(0);
    const printed = said.mock.calls.map(([text]) => String(text)).join("");
    said.mockRestore();

    const files = [sweep, exported].flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((path) => [folder, String(path)] as const),
    );
    const texts: Record<string, string> = { printed };
    for (const [folder, path] of files) {
      if (/(?:\.svg|\.vl\.json|report\.html|\.md|\.tex)$/u.test(path))
        texts[path] = ours(readFileSync(join(folder, path), "utf8"));
    }
    expect(Object.keys(texts).length).toBeGreaterThan(15);
    for (const [where, text] of Object.entries(texts)) expect(found(text), where).toEqual([]);
    expect(printed).toContain("│ misaligned rows ");
    expect(printed).toMatch(/100 % misaligned/u);
    for (const [file, words] of Object.entries({
      "curves.svg": "misaligned",
      "report.html": "Misaligned rows",
      "README.md": "rows of a",
    }))
      expect(texts[file], file).toContain(words);
  });
});

/** What is said of users, with some words around. */
function found(text: string): string[] {
  return [...text.matchAll(OF_USERS)].map(({ index }) => text.slice(Math.max(0, index - 40), index + 40));
}

/** A text without what is data or markup, a scenario with every field, and the card's list of columns. */
function ours(text: string): string {
  return text
    .replace(/<style>.*?<\/style>|<script>.*?<\/script>|<pre>.*?<\/pre>/gsu, "")
    .replace(/href="data:[^"]*"/gu, "")
    .replace(/## Tables.*?(?=## Before)/su, "")
    .replace(/"(?:field|biased|biased_realized)": ?(?:"biased")?/gu, "");
}
