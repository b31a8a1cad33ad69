import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Figure } from "../../src/report/figures/index.js";
import { analyseSource, readSource, sectionsOf } from "../../src/report/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { figureContract } from "./figure-contract.js";
import { writeMadeUpSweep } from "./folder.js";

const world = mkdtempSync(join(tmpdir(), "candor-figures-"));
afterAll(() => rmSync(world, { recursive: true }));

/** What is drawn of a folder that `write` makes. */
function figuresIn(write: (folder: string) => unknown): () => Promise<Figure[]> {
  const folder = mkdtempSync(join(world, "folder-"));
  let written: Promise<unknown> | undefined;
  return async () => {
    written ??= Promise.resolve(write(folder));
    await written;
    const source = await readSource(folder);
    const sections = await sectionsOf(source, analyseSource(source));
    return sections.flatMap(({ figures }) => figures);
  };
}

/** What has between it every figure that there is: folders, or a figure's own rows. */
const DRAWN: Record<string, () => Figure[] | Promise<Figure[]>> = {
  "a sweep of shares": figuresIn((folder) =>
    writeMadeUpSweep(folder, {
      rounds: 2,
      seeds: 2,
      probes: 9,
      fractions: [0, 0.1, 0.5],
      allSuites: true,
      firstBeliefs: true,
    }),
  ),
  // They are called as people like: two differ by what no name of a file holds.
  "a sweep of cases": figuresIn((folder) =>
    writeMadeUpSweep(folder, {
      rounds: 1,
      seeds: 2,
      probes: 9,
      fractions: [0, 0.5],
      cases: ["top 5 %", "top 5", "上位", "下位"],
    }),
  ),
  "a run that was looked at within its rounds": figuresIn(async (folder) => {
    const scenario = scenarioSchema.parse({
      name: "within",
      population: { size: 16, personas: { benign: "rest", biased: 0.5 } },
      rounds: 1,
      interaction: { exchanges: 1 },
      training: { save_steps: 1, batch_size: 8 },
      evaluation: { suites: { mask: { probes: 4 } }, within: { probes: 2 } },
    });
    await run(scenario, { folder, scenarioPath: "within.yaml" });
  }),
};

const names = new Set<string>();

describe.each(Object.entries(DRAWN))("the figures of %s", (_what, draw) => {
  figureContract(async () => {
    const figures = await draw();
    for (const { name } of figures) names.add(name);
    return figures;
  });
});

it("holds every figure that ships to it", () => {
  const folder = "src/report/figures";
  const written = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/\bname: ["`]([a-z-]+)["`$]/gu)].map(
      ([, name]) => name!,
    ),
  );
  expect(written.length).toBeGreaterThan(12);
  const missing = written.filter((name) => ![...names].some((drawn) => drawn.startsWith(name)));
  expect(missing).toEqual([]);
});
